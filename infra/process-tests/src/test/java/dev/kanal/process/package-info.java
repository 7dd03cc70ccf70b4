/**
 * Kanal as its users meet it: real processes, their consoles, signals and REST.
 *
 * <p>Each test starts programs by {@link dev.kanal.process.kit.Programs}; its own thread starts and
 * asks. Nothing depends on this package.
 */
@NullMarked
package dev.kanal.process;

import org.jspecify.annotations.NullMarked;
