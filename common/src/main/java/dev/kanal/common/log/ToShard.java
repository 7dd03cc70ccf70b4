package dev.kanal.common.log;

/** An entry on its way to the log of one shard. */
public record ToShard(int shard, LogEntry entry) {}
