/**
 * How benchmarks are run and reported.
 *
 * <p>{@link dev.kanal.bench.run.Rounds} runs each contender in turn, every time in a fresh process;
 * {@link dev.kanal.bench.run.Table} and {@link dev.kanal.bench.run.ResultFile} write the figures.
 */
@NullMarked
package dev.kanal.bench.run;

import org.jspecify.annotations.NullMarked;
