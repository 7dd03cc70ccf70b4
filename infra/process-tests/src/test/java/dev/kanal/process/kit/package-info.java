/**
 * What tests of processes are made of: programs, their output, their REST, their traces.
 *
 * <p>{@link dev.kanal.process.kit.Programs} is the entry point: it starts programs and ends them
 * with the test, whatever happens. Threads of a {@link dev.kanal.process.kit.Program} collect what
 * it prints; all else is for the test's own thread. It uses no test.
 */
@NullMarked
package dev.kanal.process.kit;

import org.jspecify.annotations.NullMarked;
