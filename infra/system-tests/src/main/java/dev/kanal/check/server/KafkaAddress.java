package dev.kanal.check.server;

/** Where the records of the system are, as {@code /readyz} reports. */
public record KafkaAddress(String bootstrap, String prefix) {}
