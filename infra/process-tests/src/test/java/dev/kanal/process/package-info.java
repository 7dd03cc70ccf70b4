/**
 * Kanal as its users meet it: real processes, their consoles, signals and REST.
 *
 * <p>{@link dev.kanal.process.kit.Programs} is the entry point of a test: it starts programs and
 * ends them with the test, whatever happens. A test's own thread starts and asks; threads of a
 * {@link dev.kanal.process.kit.Program} collect what it prints. Nothing depends on this package.
 */
@NullMarked
package dev.kanal.process;

import org.jspecify.annotations.NullMarked;
