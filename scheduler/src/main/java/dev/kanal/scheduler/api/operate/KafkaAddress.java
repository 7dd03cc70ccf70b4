package dev.kanal.scheduler.api.operate;

/** Where the log is kept. */
public record KafkaAddress(String bootstrap, String prefix) {}
