/**
 * Black-box checks of a running Kanal, by REST and Kafka clients alone.
 *
 * <p>{@link dev.kanal.check.CheckApplication} is the command line; each check is a package of its
 * own below this one and adds one command. Nothing here may depend on a class of Kanal, and nothing
 * depends on this.
 */
@NullMarked
package dev.kanal.check;

import org.jspecify.annotations.NullMarked;
