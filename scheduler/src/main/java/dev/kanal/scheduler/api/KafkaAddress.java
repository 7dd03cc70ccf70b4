package dev.kanal.scheduler.api;

/** Where the log is kept. */
public record KafkaAddress(String bootstrap, String prefix) {}
