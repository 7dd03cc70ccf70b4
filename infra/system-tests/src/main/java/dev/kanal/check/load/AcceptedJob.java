package dev.kanal.check.load;

/** A job of a source, and the id that the server accepted it under. */
public record AcceptedJob(int index, String id) {}
