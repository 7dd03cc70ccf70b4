/**
 * Measures Kanal against what one would use in its place.
 *
 * <p>{@link dev.kanal.bench.BenchApplication} is the program; {@link dev.kanal.bench.Benchmarks}
 * lists what it can run. Each benchmark has a package of its own.
 */
@NullMarked
package dev.kanal.bench;

import org.jspecify.annotations.NullMarked;
