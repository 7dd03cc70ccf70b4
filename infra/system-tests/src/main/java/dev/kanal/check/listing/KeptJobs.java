package dev.kanal.check.listing;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kanal.check.load.JobSource;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Jobs of which one in a thousand dies; the dead have one of ten colours, and a few of all jobs
 * have a rare tag.
 */
record KeptJobs(int size, String queue, String run) implements JobSource {
  static final int COLOURS = 10;
  private static final int ONE_DIES_IN = 1_000;
  private static final int RARE = 5;

  boolean dies(int index) {
    return index % ONE_DIES_IN == 0;
  }

  int colour(int index) {
    return index / ONE_DIES_IN % COLOURS;
  }

  /** Whether it has the rare tag; the first of all has it. */
  boolean isRare(int index) {
    return index % (size / RARE + 1) == 0;
  }

  @Override
  public byte[] line(int index) {
    String rare = isRare(index) ? ",\"rare\":\"" + run + '"' : "";
    String tags =
        "\"tags\":{\"run\":\"%s\",\"colour\":\"%s-%d\"%s}".formatted(run, run, colour(index), rare);
    // The sum of a value that is no list fails for good.
    String type =
        dies(index)
            ? "\"type\":\"sum\",\"payload\":{\"data\":\"none\"}"
            : "\"type\":\"echo\",\"payload\":" + index;
    return "{%s,\"queue\":\"%s\",%s}\n"
        .formatted(type, queue, tags)
        .getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public Optional<String> wrong(int index, JsonNode result) {
    return Optional.empty();
  }
}
