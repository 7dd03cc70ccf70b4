/**
 * Kanal's telemetry: spans and metrics, on the OpenTelemetry SDK.
 *
 * <p>{@link dev.kanal.common.telemetry.Telemetry} is the entry point: one per process, made at its
 * start from the standard {@code OTEL_*} variables, and passed to the classes that report. Names,
 * units and labels stand in {@link dev.kanal.common.telemetry.Metric}, {@link
 * dev.kanal.common.telemetry.Label} and {@link dev.kanal.common.telemetry.SpanKeys}, and nowhere
 * else; {@code docs/TELEMETRY.md} is made from them. Everything here may be used from any thread
 * and never waits for a network.
 */
@NullMarked
package dev.kanal.common.telemetry;

import org.jspecify.annotations.NullMarked;
