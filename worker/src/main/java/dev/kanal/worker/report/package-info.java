/**
 * What a worker reports to the engine: leases, outcomes and heartbeats, through one producer and in
 * order.
 *
 * <p>{@link dev.kanal.worker.report.Reporter} is the entry point; it may be used from any thread
 * and keeps what Kafka has not accepted yet. Lanes and the worker itself depend on it; it knows
 * neither.
 */
@NullMarked
package dev.kanal.worker.report;

import org.jspecify.annotations.NullMarked;
