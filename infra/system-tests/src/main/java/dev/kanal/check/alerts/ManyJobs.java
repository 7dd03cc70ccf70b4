package dev.kanal.check.alerts;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kanal.check.load.JobSource;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Delayed jobs, of which one in ten is due at once. */
record ManyJobs(int size, String queue) implements JobSource {
  private static final int SOON = 10;

  @Override
  public byte[] line(int index) {
    return "{\"type\":\"echo\",\"payload\":%d,\"queue\":\"%s\",\"delay\":\"%s\"}\n"
        .formatted(index, queue, index % SOON == 0 ? "1s" : "1h")
        .getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public Optional<String> wrong(int index, JsonNode result) {
    return Optional.empty();
  }
}
