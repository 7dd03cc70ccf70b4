/**
 * The cost of telemetry: processor time and throughput with traces and without.
 *
 * <p>{@link dev.kanal.bench.telemetry.TelemetryCost} is the entry point. The receiver of the spans
 * runs in the trial's own process, so that what it uses is not the server's.
 */
@NullMarked
package dev.kanal.bench.telemetry;

import org.jspecify.annotations.NullMarked;
