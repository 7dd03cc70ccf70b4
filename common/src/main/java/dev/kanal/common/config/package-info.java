/**
 * Settings: defaults, a file, the environment, the command line, in this order; one immutable
 * record a concern.
 *
 * <p>{@link dev.kanal.common.config.Settings#resolve} is the entry point: it knows every key, and
 * refuses unknown keys and values out of bounds, all of them together. {@code
 * docs/CONFIGURATION.md} is made from the same list. Immutable values, usable from any thread, by
 * every module.
 */
@NullMarked
package dev.kanal.common.config;

import org.jspecify.annotations.NullMarked;
