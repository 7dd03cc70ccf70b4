package dev.kanal.scheduler.api.flows;

import dev.kanal.common.flow.FanOut;
import dev.kanal.common.flow.FlowSpec;
import dev.kanal.common.flow.Over;
import dev.kanal.common.flow.StepKind;
import dev.kanal.common.flow.StepSpec;
import dev.kanal.common.flow.StepSpec.When;
import dev.kanal.common.flow.Tolerance;
import dev.kanal.common.job.Backoff;
import dev.kanal.common.job.JobKey;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Priority;
import dev.kanal.common.job.Retention;
import dev.kanal.common.job.RetryPolicy;
import dev.kanal.common.job.StartTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Makes flows that can be run, with every field that a definition may have. */
final class RandomDefinition {
  private final Random random;
  private final Instant now;

  RandomDefinition(Random random, Instant now) {
    this.random = random;
    this.now = now;
  }

  FlowSpec next() {
    List<StepSpec> steps = new ArrayList<>();
    int count = 1 + random.nextInt(6);
    for (int i = 0; i < count; i++) {
      List<String> needs = i == 0 || random.nextBoolean() ? List.of() : List.of("s0");
      When when = i > 0 && random.nextInt(3) == 0 ? pick(List.of(When.values())) : When.SUCCEEDED;
      steps.add(new StepSpec("s" + i, needs, when, random.nextInt(4) == 0, kind(!needs.isEmpty())));
    }
    return new FlowSpec(
        "random",
        JsonBytes.of("{\"a\": [1, 2.50]}"),
        steps,
        pick(List.of(FlowSpec.OnFailure.values())),
        maybe(now.plusMillis(1 + random.nextInt(1_000_000))),
        random.nextBoolean() ? Map.of() : Map.of("team", "img", "ü", ""),
        new Retention(seconds(), seconds()),
        maybe(JsonBytes.of("{\"x\":{\"$from\":\"s0\",\"at\":\"/a\",\"or\":null}}")),
        null);
  }

  private StepKind kind(boolean needsFirst) {
    return switch (random.nextInt(5)) {
      case 0 -> new StepKind.Map(over(needsFirst), fanOut(), List.of(job(), job()));
      case 1 -> new StepKind.Group(seconds(), fanOut());
      case 2 ->
          new StepKind.Race(
              List.of(
                  new StepKind.Branch("z", new StepKind.Job(job())),
                  new StepKind.Branch("a", waiting())));
      case 3 -> waiting();
      default -> new StepKind.Job(job());
    };
  }

  private Over over(boolean needsFirst) {
    return switch (random.nextInt(4)) {
      case 0 ->
          new Over.Range(random.nextInt(10) - 20, random.nextInt(1_000), 1 + random.nextInt(9));
      case 1 -> new Over.Stream(seconds());
      default ->
          new Over.Items(
              JsonBytes.of(
                  needsFirst
                      ? "{\"$from\":\"s0\", \"at\":\"/files\"}"
                      : "[ 1, {\"$input\":\"/a/0\"}]"));
    };
  }

  private StepKind.Wait waiting() {
    return random.nextBoolean()
        ? new StepKind.Wait(null, seconds())
        : new StepKind.Wait("e" + random.nextInt(9), maybe(seconds()));
  }

  private FanOut fanOut() {
    Tolerance tolerate =
        random.nextBoolean()
            ? new Tolerance.Percent(random.nextInt(101))
            : new Tolerance.Failures(random.nextInt(1_000));
    return new FanOut(
        1 + random.nextInt(10_000),
        tolerate,
        maybe(pick(List.of(FanOut.Keep.values()))),
        random.nextBoolean());
  }

  private JobSpec job() {
    StartTime start =
        switch (random.nextInt(3)) {
          case 0 -> new StartTime.After(seconds());
          case 1 -> new StartTime.At(now.plusMillis(random.nextInt(100_000)));
          default -> StartTime.NOW;
        };
    return JobSpec.of(pick(List.of("echo", "a.b/c")), JsonBytes.of("{\"n\":{\"$input\":\"\"}}"))
        .withQueue(pick(List.of("default", "net")))
        .withPriority(pick(List.of(Priority.values())))
        .withStart(start)
        .withRetry(
            new RetryPolicy(
                1 + random.nextInt(9), new Backoff(seconds(), 1.5, Duration.ofDays(9), 0.25)))
        .withTags(random.nextBoolean() ? Map.of() : Map.of("k", "v"))
        .withKey(maybe(new JobKey("k", 1 + random.nextInt(9))));
  }

  private Duration seconds() {
    return Duration.ofSeconds(1 + random.nextInt(10_000));
  }

  private <T> T pick(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  private <T> @Nullable T maybe(T value) {
    return random.nextBoolean() ? value : null;
  }
}
