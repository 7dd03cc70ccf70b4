package dev.kanal.check.workers;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kanal.check.load.JobSource;
import dev.kanal.check.probe.Probe;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * Jobs that call the probe, which holds each call as long as its path says.
 *
 * @param hold how long the call of a number takes
 * @param options of each job, as JSON members with a comma before each
 */
record ProbeJobs(
    Numbers numbers, String queue, Probe probe, IntFunction<Duration> hold, String options)
    implements JobSource {
  ProbeJobs(Numbers numbers, String queue, Probe probe, IntFunction<Duration> hold) {
    this(numbers, queue, probe, hold, "");
  }

  /** {@code size} numbers from {@code first} on, so that those of several sources differ. */
  record Numbers(int first, int size) {}

  @Override
  public int size() {
    return numbers.size;
  }

  @Override
  public byte[] line(int index) {
    int number = numbers.first + index;
    String url = probe.url("/" + number + "/" + hold.apply(number).toMillis());
    return "{\"type\":\"http\",\"queue\":\"%s\",\"payload\":{\"url\":\"%s\"}%s}\n"
        .formatted(queue, url, options)
        .getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public Optional<String> wrong(int index, JsonNode result) {
    return Optional.empty();
  }
}
