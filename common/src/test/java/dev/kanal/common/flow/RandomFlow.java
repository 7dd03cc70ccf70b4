package dev.kanal.common.flow;

import dev.kanal.common.flow.StepSpec.When;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JsonBytes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Makes definitions that can be run, of every kind of step. */
public final class RandomFlow {
  private static final int STEPS_MAX = 12;
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final Random random;
  private final boolean races;

  /**
   * @param races whether there are steps whose end depends on the order in which members end
   */
  public RandomFlow(Random random, boolean races) {
    this.random = random;
    this.races = races;
  }

  public FlowSpec next(FlowSpec.OnFailure onFailure, @Nullable Instant deadline) {
    while (true) {
      FlowSpec spec =
          FlowSpec.of("random", steps()).withOnFailure(onFailure).withDeadline(deadline);
      if (FlowCheck.problems(spec).isEmpty()) {
        return spec;
      }
    }
  }

  /** Each needs some of those that were made before it; then their places are mixed. */
  private List<StepSpec> steps() {
    int count = 1 + random.nextInt(STEPS_MAX);
    List<StepSpec> steps = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      When when = when();
      var needs = new TreeSet<String>();
      for (int k = 0; i > 0 && k < random.nextInt(4); k++) {
        StepSpec need = steps.get(random.nextInt(i));
        if (when != When.SUCCEEDED || need.when() == When.SUCCEEDED || one(8)) {
          needs.add(need.name());
        }
      }
      if (when == When.ENDED && one(3)) {
        needs.add(StepSpec.ALL);
      }
      steps.add(
          StepSpec.of("s" + i, kind())
              .withNeeds(List.copyOf(needs))
              .withWhen(when)
              .withOptional(one(6)));
    }
    Collections.shuffle(steps, random);
    return steps;
  }

  private When when() {
    return one(4) ? (one(2) ? When.ENDED : When.FAILED) : When.SUCCEEDED;
  }

  private StepKind kind() {
    return switch (random.nextInt(races ? 9 : 8)) {
      case 0, 1, 2 -> new StepKind.Job(job());
      case 3 -> new StepKind.Map(new Over.Items(JsonBytes.of("[]")), fanOut(), List.of(job()));
      case 4 -> new StepKind.Map(new Over.Range(0, random.nextInt(9), 1), fanOut(), List.of(job()));
      case 5 -> new StepKind.Map(new Over.Stream(SECOND), fanOut(), List.of(job(), job()));
      case 6 -> new StepKind.Group(SECOND, fanOut());
      case 7 -> waiting();
      default -> race();
    };
  }

  private StepKind.Wait waiting() {
    String event = one(3) ? null : "e" + random.nextInt(4);
    return new StepKind.Wait(event, event == null || one(2) ? SECOND : null);
  }

  private StepKind.Race race() {
    List<StepKind.Branch> branches = new ArrayList<>();
    int count = 2 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      branches.add(new StepKind.Branch("b" + i, one(2) ? waiting() : new StepKind.Job(job())));
    }
    return new StepKind.Race(branches);
  }

  private FanOut fanOut() {
    Tolerance tolerate =
        switch (random.nextInt(3)) {
          case 0 -> Tolerance.Failures.NONE;
          case 1 -> new Tolerance.Failures(random.nextInt(3));
          default -> new Tolerance.Percent(random.nextInt(101));
        };
    return new FanOut(1 + random.nextInt(6), tolerate, null, false);
  }

  private static JobSpec job() {
    return JobSpec.of("echo", JsonBytes.NULL);
  }

  /** True once in so many. */
  private boolean one(int in) {
    return random.nextInt(in) == 0;
  }
}
