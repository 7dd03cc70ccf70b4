package dev.kanal.check.server;

/** Where the records of the system are, as {@code /readyz} tells. */
public record KafkaAddress(String bootstrap, String prefix) {}
