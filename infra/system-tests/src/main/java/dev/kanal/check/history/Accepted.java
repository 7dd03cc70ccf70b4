package dev.kanal.check.history;

/**
 * A job that the server accepted.
 *
 * @param sent before it left; times that were asked for count from here
 * @param answered when the answer had come
 */
public record Accepted(int index, String job, long sent, long answered) {}
