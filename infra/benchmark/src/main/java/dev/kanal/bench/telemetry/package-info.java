/**
 * What it costs to be told of: processor time and throughput with traces beside the same without.
 *
 * <p>{@link dev.kanal.bench.telemetry.TelemetryCost} is the entry point. The receiver of the spans
 * runs in the trial's own process, so that what it uses is not the server's.
 */
@NullMarked
package dev.kanal.bench.telemetry;

import org.jspecify.annotations.NullMarked;
