package dev.kanal.check.history;

/** A cancel and its answer. */
public record Cancel(String job, int index, int status, long answered) {}
