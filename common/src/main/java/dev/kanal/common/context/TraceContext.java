package dev.kanal.common.context;

import org.jspecify.annotations.Nullable;

/**
 * The W3C headers that tie a job to the trace it came from, carried unread.
 *
 * @param traceparent as in the W3C Trace Context recommendation
 */
public record TraceContext(
    @Nullable String traceparent, @Nullable String tracestate, @Nullable String baggage) {
  public static final TraceContext NONE = new TraceContext(null, null, null);

  private static final int TRACEPARENT_LENGTH = 55;

  /** The trace id of {@code traceparent}: 32 hexadecimal digits, or null without one. */
  public @Nullable String traceId() {
    String parent = traceparent;
    return parent != null && parent.length() >= TRACEPARENT_LENGTH ? parent.substring(3, 35) : null;
  }
}
