/**
 * The system under check, seen from outside: one address, and what it answers.
 *
 * <p>{@link dev.kanal.check.server.Session} is the entry point: it opens a {@link
 * dev.kanal.check.server.KanalClient} on a ready server and bounds the whole run by one deadline.
 * Everything here may be used from any thread and blocks its caller. Uses no class of Kanal itself
 * and no other package of the checks.
 */
@NullMarked
package dev.kanal.check.server;

import org.jspecify.annotations.NullMarked;
