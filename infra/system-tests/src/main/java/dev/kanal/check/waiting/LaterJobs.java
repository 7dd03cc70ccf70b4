package dev.kanal.check.waiting;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kanal.check.load.JobSource;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Jobs that wait for an hour; one of them has a tag of its own. */
record LaterJobs(int size, String queue, String run) implements JobSource {
  /** The job with the tag {@link #needleTag}. */
  int needle() {
    return size / 2;
  }

  String needleTag() {
    return "needle:" + run;
  }

  @Override
  public byte[] line(int index) {
    String needle = index == needle() ? ",\"needle\":\"" + run + '"' : "";
    return "{\"type\":\"echo\",\"queue\":\"%s\",\"delay\":\"1h\",\"payload\":%d,\"tags\":{\"run\":\"%s\"%s}}\n"
        .formatted(queue, index, run, needle)
        .getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public Optional<String> wrong(int index, JsonNode result) {
    return result.asInt(-1) == index
        ? Optional.empty()
        : Optional.of("Expected " + index + ", but got " + result);
  }
}
