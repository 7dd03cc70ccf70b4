package dev.kanal.common.flow;

import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JsonBytes;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Steps for tests. */
public final class Steps {
  private Steps() {}

  public static FlowSpec flow(StepSpec... steps) {
    return FlowSpec.of("test", Arrays.asList(steps));
  }

  public static JobSpec echo() {
    return JobSpec.of("echo", JsonBytes.NULL);
  }

  public static JobSpec echo(String payload) {
    return JobSpec.of("echo", JsonBytes.of(payload));
  }

  public static StepSpec job(String name, String... needs) {
    return StepSpec.of(name, new StepKind.Job(echo())).withNeeds(List.of(needs));
  }

  public static StepSpec job(String name, JobSpec job, String... needs) {
    return StepSpec.of(name, new StepKind.Job(job)).withNeeds(List.of(needs));
  }

  /** A map over a range. */
  public static StepSpec map(String name, int width, FanOut fanOut, String... needs) {
    return map(name, new Over.Range(0, width, 1), fanOut, needs);
  }

  public static StepSpec map(String name, Over over, FanOut fanOut, String... needs) {
    return StepSpec.of(name, new StepKind.Map(over, fanOut, List.of(echo())))
        .withNeeds(List.of(needs));
  }

  public static FanOut atOnce(int window) {
    return new FanOut(window, Tolerance.Failures.NONE, null, false);
  }

  public static FanOut tolerate(Tolerance tolerance) {
    return new FanOut(100, tolerance, null, false);
  }

  public static StepKind.Wait await(@Nullable String event, @Nullable Duration timeout) {
    return new StepKind.Wait(event, timeout);
  }

  public static StepSpec race(String name, StepKind.Single... branches) {
    List<StepKind.Branch> named =
        Arrays.stream(branches)
            .map(each -> new StepKind.Branch("b" + Arrays.asList(branches).indexOf(each), each))
            .toList();
    return StepSpec.of(name, new StepKind.Race(named));
  }
}
