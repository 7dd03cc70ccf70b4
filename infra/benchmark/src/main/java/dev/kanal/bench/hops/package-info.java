/** Where the time goes between a job's submit and its handler, from marks in a flight recording. */
@NullMarked
package dev.kanal.bench.hops;

import org.jspecify.annotations.NullMarked;
