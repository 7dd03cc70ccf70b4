package dev.kanal.worker.builtin;

import dev.kanal.common.context.TraceContext;
import dev.kanal.common.job.JobId;
import dev.kanal.worker.Child;
import dev.kanal.worker.Context;
import dev.kanal.worker.InterruptCause;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A context with fixed values.
 *
 * @param fractions receives the reported progress
 */
record FixedContext(JobId jobId, Duration remaining, int resultLimit, List<Double> fractions)
    implements Context {
  static FixedContext of(Duration remaining) {
    return new FixedContext(JobId.of(0, 1_000, 1), remaining, 1_000, new ArrayList<>());
  }

  @Override
  public String type() {
    return "http";
  }

  @Override
  public int attempt() {
    return 2;
  }

  @Override
  public int dispatch() {
    return 3;
  }

  @Override
  public Instant deadline() {
    return Instant.EPOCH.plus(remaining);
  }

  @Override
  public Duration backoff() {
    return Duration.ofSeconds(5);
  }

  @Override
  public Optional<InterruptCause> interruptCause() {
    return Optional.empty();
  }

  @Override
  public void progress(double fraction, @Nullable String message) {
    fractions.add(fraction);
  }

  @Override
  public void log(String line) {}

  @Override
  public JobId submit(String name, Child child) {
    throw new IllegalStateException("Expected no children, but got " + name);
  }

  @Override
  public TraceContext trace() {
    return new TraceContext("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", null, null);
  }
}
