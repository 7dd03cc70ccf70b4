package dev.kanal.check.retry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kanal.check.load.JobSource;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Jobs that die at their first attempt: the sum of a value that is no list fails for good. */
record DoomedJobs(int size, String queue, String run) implements JobSource {
  @Override
  public byte[] line(int index) {
    return "{\"type\":\"sum\",\"payload\":{\"data\":\"none\"},\"queue\":\"%s\",\"tags\":{\"run\":\"%s\"}}\n"
        .formatted(queue, run)
        .getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public Optional<String> wrong(int index, JsonNode result) {
    return Optional.empty();
  }
}
