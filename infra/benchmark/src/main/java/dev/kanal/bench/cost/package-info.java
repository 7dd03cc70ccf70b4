/**
 * What a job costs, and what it costs to have nothing to do: records, bytes, requests, context
 * switches and processor time by group of threads. {@link dev.kanal.bench.cost.Cost} has both
 * benchmarks. Counts do not depend on the machine, times do.
 */
@NullMarked
package dev.kanal.bench.cost;

import org.jspecify.annotations.NullMarked;
