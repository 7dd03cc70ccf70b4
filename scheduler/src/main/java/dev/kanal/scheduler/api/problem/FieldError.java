package dev.kanal.scheduler.api.problem;

/**
 * What is wrong with one field.
 *
 * @param pointer a JSON pointer (RFC 6901) into the request's body; empty for the whole of it
 */
public record FieldError(String pointer, String detail) {}
