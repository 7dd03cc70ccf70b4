package dev.kanal.check.history;

/** The engine sent a job to its queue, by its own record and clock, in microseconds. */
public record Dispatch(String job, String queue, long at) {}
