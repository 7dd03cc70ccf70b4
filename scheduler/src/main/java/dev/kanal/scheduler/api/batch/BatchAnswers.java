package dev.kanal.scheduler.api.batch;

import dev.kanal.common.job.JobId;
import dev.kanal.scheduler.api.http.ProblemWriter;
import dev.kanal.scheduler.api.problem.Problem;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Gathers the answers to lines that were done at the same time. */
final class BatchAnswers {
  private static final byte[] LINE = "{\"line\":".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] ID = ",\"id\":\"".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] END = "\"}\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] END_REPLAYED =
      "\",\"replayed\":true}\n".getBytes(StandardCharsets.US_ASCII);
  private static final int USUAL = 70;

  private final @Nullable String traceId;
  private @Nullable Buffer buffer;

  BatchAnswers(@Nullable String traceId) {
    this.traceId = traceId;
  }

  /** Adds the answer to {@code line}; {@code more} says how many may follow. */
  void add(BatchLine line, int more) {
    Buffer out = buffer;
    if (out == null) {
      out = Buffer.buffer(USUAL * (more + 1));
      buffer = out;
    }
    switch (line.answer()) {
      case BatchLine.Pending() -> throw new IllegalStateException("Expected an answer");
      case BatchLine.Refused(Problem problem) ->
          out.appendBuffer(ProblemWriter.writeLine(line.number, problem, traceId));
      case BatchLine.PassedBack(Buffer rest) ->
          out.appendBytes(LINE)
              .appendString(Long.toString(line.number))
              .appendBuffer(rest)
              .appendByte((byte) '\n');
      case BatchLine.Taken(JobId job, boolean replayed) ->
          out.appendBytes(LINE)
              .appendString(Long.toString(line.number))
              .appendBytes(ID)
              .appendString(job.toString())
              .appendBytes(replayed ? END_REPLAYED : END);
    }
  }

  /** What was added since the last call, or null. */
  @Nullable Buffer take() {
    Buffer out = buffer;
    buffer = null;
    return out;
  }
}
