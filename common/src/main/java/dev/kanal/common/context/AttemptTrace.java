package dev.kanal.common.context;

/**
 * Where an attempt stands in traces.
 *
 * @param span the {@code traceparent} of its own span
 * @param anchor of the span below which the next attempt stands, unless that begins another trace
 */
public record AttemptTrace(String span, String anchor) {
  /** 32 hexadecimal digits. */
  public String traceId() {
    return span.substring(3, 35);
  }
}
