package dev.kanal.check.lateness;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kanal.check.load.JobSource;
import dev.kanal.check.probe.Probe;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

/**
 * Jobs that call the probe, each at its time.
 *
 * @param firstMs when the first is due, in milliseconds since 1970
 */
record DueJobs(int size, String queue, Probe probe, long firstMs, long overMs)
    implements JobSource {
  /** When a job is due, in milliseconds since 1970. */
  long due(int index) {
    return firstMs + index * overMs / size;
  }

  @Override
  public byte[] line(int index) {
    return "{\"type\":\"http\",\"queue\":\"%s\",\"runAt\":\"%s\",\"payload\":{\"url\":\"%s\"}}\n"
        .formatted(queue, Instant.ofEpochMilli(due(index)), probe.url("/" + index))
        .getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public Optional<String> wrong(int index, JsonNode result) {
    return Optional.empty();
  }
}
