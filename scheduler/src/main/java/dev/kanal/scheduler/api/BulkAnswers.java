package dev.kanal.scheduler.api;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Gathers the answers to lines that were done at the same time. */
final class BulkAnswers {
  private static final byte[] LINE = "{\"line\":".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] ID = ",\"id\":\"".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] END = "\"}\n".getBytes(StandardCharsets.US_ASCII);
  private static final int USUAL = 70;

  private final @Nullable String traceId;
  private @Nullable Buffer buffer;

  BulkAnswers(@Nullable String traceId) {
    this.traceId = traceId;
  }

  /** Adds the answer to {@code line}; {@code more} says how many may follow. */
  void add(BulkLine line, int more) {
    Buffer out = buffer;
    if (out == null) {
      out = Buffer.buffer(USUAL * (more + 1));
      buffer = out;
    }
    Problem problem = line.problem();
    if (problem != null) {
      out.appendBuffer(ProblemWriter.writeLine(line.number, problem, traceId));
      return;
    }
    out.appendBytes(LINE)
        .appendString(Long.toString(line.number))
        .appendBytes(ID)
        .appendString(String.valueOf(line.id))
        .appendBytes(END);
  }

  /** What was added since the last call, or null. */
  @Nullable Buffer take() {
    Buffer out = buffer;
    buffer = null;
    return out;
  }
}
