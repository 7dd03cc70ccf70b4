package dev.kanal.check.workers;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kanal.check.load.JobSource;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** Jobs that sleep. */
record SleepJobs(int size, String queue, Duration time) implements JobSource {
  @Override
  public byte[] line(int index) {
    return "{\"type\":\"sleep\",\"queue\":\"%s\",\"payload\":{\"duration\":\"%s\"}}\n"
        .formatted(queue, time)
        .getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public Optional<String> wrong(int index, JsonNode result) {
    return Optional.empty();
  }
}
