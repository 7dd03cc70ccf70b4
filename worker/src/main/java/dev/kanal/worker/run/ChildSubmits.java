package dev.kanal.worker.run;

import dev.kanal.common.job.ChildName;
import dev.kanal.common.job.JobId;
import dev.kanal.common.task.Task;
import dev.kanal.common.telemetry.SendSpan;
import dev.kanal.worker.Child;
import dev.kanal.worker.ChildNotSubmittedException;
import dev.kanal.worker.lane.TaskRunner;
import dev.kanal.worker.trace.TaskSpan;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Submits the children of one attempt, each name once. Usable from any thread. */
final class ChildSubmits {
  /** Children that one job may have. */
  static final int CHILDREN_MAX = 1_000;

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Task parent;
  private final TaskRunner.Listener listener;
  private final ChildRules rules;
  private final TaskSpan span;
  private final Map<String, JobId> submitted = new ConcurrentHashMap<>();

  ChildSubmits(Task parent, TaskRunner.Listener listener, ChildRules rules, TaskSpan span) {
    this.parent = parent;
    this.listener = listener;
    this.rules = rules;
    this.span = span;
  }

  /** The child that this attempt has submitted under that name; null if there is none. */
  @Nullable JobId submitted(ChildName name) {
    return submitted.get(name.text());
  }

  /**
   * Returns when Kafka has the child.
   *
   * @throws IllegalArgumentException if the child breaks a rule that holds for every job
   * @throws IllegalStateException if the job has {@value #CHILDREN_MAX} children
   * @throws ChildNotSubmittedException if Kafka does not accept it in time
   */
  JobId submit(ChildName name, Child child) {
    if (submitted.size() >= CHILDREN_MAX) {
      throw new IllegalStateException(
          "Expected at most " + CHILDREN_MAX + " children, but " + name.text() + " is one more");
    }
    ChildRules.Made made = rules.make(parent, name, child);
    SendSpan sending = span.sending(rules.topic(), made.id(), made.trace());
    var submission =
        new TaskRunner.Submission(
            name.text(), made.id(), made.spec(), sending.travels(), child.options().detached());
    await(name, sending.endWith(listener.submits(submission)));
    submitted.put(name.text(), made.id());
    return made.id();
  }

  private static void await(ChildName name, CompletableFuture<Void> taken) {
    try {
      taken.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ChildNotSubmittedException(
          "Expected Kafka to take the child " + name.text() + ", but was interrupted", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new ChildNotSubmittedException(
          "Expected Kafka to take the child "
              + name.text()
              + " within "
              + PATIENCE
              + ", but it did not",
          e);
    }
  }
}
