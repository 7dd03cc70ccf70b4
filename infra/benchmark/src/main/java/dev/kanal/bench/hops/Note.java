package dev.kanal.bench.hops;

import dev.kanal.common.telemetry.Hop.Place;

/**
 * A mark of the recording.
 *
 * @param job empty if a shard's record or a thread is meant
 * @param nanos since any fixed time
 */
record Note(Place place, String job, int shard, long offset, String thread, long nanos) {}
