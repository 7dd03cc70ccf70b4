package dev.kanal.bench.http;

/**
 * What an HTTP server answered.
 *
 * @param body as text of single bytes
 */
public record Answer(int status, String body) {}
