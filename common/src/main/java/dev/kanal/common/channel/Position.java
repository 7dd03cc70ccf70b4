package dev.kanal.common.channel;

import java.time.Instant;

/** Where a sent value stands: its partition, its offset, and the time the record carries. */
public record Position(int partition, long offset, Instant time) {}
