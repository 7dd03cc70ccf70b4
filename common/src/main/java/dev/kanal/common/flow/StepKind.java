package dev.kanal.common.flow;

import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.Owner;
import dev.kanal.common.job.Retention;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a step does. The jobs in it are as a submit has them, but their payload is a template; they
 * have no deadline, which is the flow's, no retention, which is the flow's, too, and no idempotency
 * key: a submit that counts as repeated would make no job, and nobody would be told of its end.
 */
public sealed interface StepKind {
  /** What a branch of a race may be. */
  sealed interface Single extends StepKind {}

  /** One job. */
  record Job(JobSpec job) implements Single {
    public Job {
      checkJob(job);
    }
  }

  /**
   * Waits for an event or for time to pass. Without an event the end of the time is its success;
   * with one it is a failure.
   *
   * @param event its name, which matches {@link FlowSpec#NAME}; the first of a name counts, whether
   *     it came before the step or during it
   * @param timeout from when the step starts; null without limit
   */
  record Wait(@Nullable String event, @Nullable Duration timeout) implements Single {
    public static final Duration TIMEOUT_MIN = Duration.ofMillis(1);
    public static final Duration TIMEOUT_MAX = Duration.ofDays(365);

    public Wait {
      if (event == null && timeout == null) {
        throw new IllegalArgumentException(
            "Expected an event or a timeout to wait for, but got none");
      }
      if (event != null) {
        Bounds.checkName("the name of an event", event);
      }
      if (timeout != null) {
        Bounds.check("timeout", timeout, TIMEOUT_MIN, TIMEOUT_MAX);
      }
    }
  }

  /**
   * A chain of jobs for each of many items, no more than its window at once.
   *
   * @param chain the stages of an item, 1 to {@link Owner#STAGES}; {@code do} in JSON
   */
  record Map(Over over, FanOut fanOut, List<JobSpec> chain) implements StepKind {
    public Map {
      Bounds.check("the number of stages", chain.size(), 1, Owner.STAGES);
      chain = List.copyOf(chain);
      chain.forEach(StepKind::checkJob);
    }
  }

  /**
   * Jobs that are added from outside while it runs, until somebody says that there are no more.
   *
   * @param idle it fails if nothing is added and nobody closes it for this long
   */
  record Group(Duration idle, FanOut fanOut) implements StepKind {
    public Group {
      Bounds.check("idle", idle, Over.Stream.IDLE_MIN, Over.Stream.IDLE_MAX);
    }
  }

  /**
   * The first branch that succeeds wins, and the others are cancelled. It fails when all have
   * failed.
   *
   * @param branches 2 to {@link #BRANCHES_MAX}, each with a name of its own
   */
  record Race(List<Branch> branches) implements StepKind {
    public static final int BRANCHES_MAX = 32;

    public Race {
      Bounds.check("the number of branches", branches.size(), 2, BRANCHES_MAX);
      branches = List.copyOf(branches);
      long names = branches.stream().map(Branch::name).distinct().count();
      if (names != branches.size()) {
        throw new IllegalArgumentException(
            "Expected branches with names of their own, but got one that stands twice");
      }
    }
  }

  /** One way of a race; its number is its place. */
  record Branch(String name, Single kind) {
    public Branch {
      Bounds.checkName("the name of a branch", name);
    }
  }

  /** Whether its members come from outside, while it waits or runs. */
  default boolean isFed() {
    return switch (this) {
      case Map(Over over, _, _) -> over instanceof Over.Stream;
      case Group _ -> true;
      case Job _, Wait _, Race _ -> false;
    };
  }

  private static void checkJob(JobSpec job) {
    if (job.deadline() != null) {
      throw new IllegalArgumentException(
          "Expected a job of a step without deadline, which the flow has, but got "
              + job.deadline());
    }
    if (!job.retention().equals(Retention.DEFAULT)) {
      throw new IllegalArgumentException(
          "Expected a job of a step without retention, which the flow has, but got "
              + job.retention());
    }
    if (job.idempotency() != null || job.tick() != null || job.parent() != null) {
      throw new IllegalArgumentException(
          "Expected a job of a step without idempotencyKey and of no other origin, but it has one");
    }
  }
}
