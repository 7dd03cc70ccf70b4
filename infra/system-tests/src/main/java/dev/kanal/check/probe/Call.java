package dev.kanal.check.probe;

/**
 * A call that came in.
 *
 * @param earlier how many calls of the same job came before
 */
public record Call(String path, String job, int attempt, int dispatch, int earlier) {}
