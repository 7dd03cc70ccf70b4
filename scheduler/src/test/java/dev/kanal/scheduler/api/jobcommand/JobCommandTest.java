package dev.kanal.scheduler.api.jobcommand;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kanal.common.context.TraceContext;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.log.LogEntry;
import dev.kanal.scheduler.api.InMemoryEngine;
import dev.kanal.scheduler.api.jobcommand.JobCommand.Verdict;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.engine.query.JobView;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What is answered to a command that did not take effect, in every state. */
final class JobCommandTest {
  private static final Instant PAST = InMemoryEngine.NOW.minusSeconds(1);

  @ParameterizedTest
  @CsvSource({
    "SCHEDULED, conflict, conflict, done, conflict",
    "BLOCKED, conflict, conflict, conflict, conflict",
    "QUEUED, conflict, conflict, conflict, conflict",
    "RUNNING, conflict, conflict, conflict, conflict",
    "RETRYING, conflict, conflict, done, conflict",
    "SUCCEEDED, conflict, conflict, conflict, conflict",
    "DEAD, conflict, /deadline, conflict, conflict",
    "CANCELLED, done, /deadline, conflict, conflict",
    "EXPIRED, conflict, /deadline, conflict, conflict"
  })
  void anAnswerNamesWhyNothingWasDone(
      JobState state, String cancel, String retry, String runNow, String delete) {
    JobView job = job(state);

    assertEquals(cancel, said(new JobCommand.Cancel().verdict(job, 0)));
    assertEquals(retry, said(new JobCommand.Retry(null, null, null).verdict(job, 0)));
    assertEquals(retry, said(new JobCommand.Retry(PAST, null, null).verdict(job, 0)));
    assertEquals(runNow, said(new JobCommand.RunNow().verdict(job, 0)));
    assertEquals(delete, said(new JobCommand.Delete().verdict(job, 0)));
  }

  @ParameterizedTest
  @EnumSource
  void whatTookEffectIsDone_whateverCameAfterIt(JobState state) {
    JobView job = job(state);

    assertEquals("done", said(new JobCommand.Cancel().verdict(job, -1)));
    assertEquals("done", said(new JobCommand.Retry(null, null, null).verdict(job, -1)));
    assertEquals("done", said(new JobCommand.RunNow().verdict(job, -1)));
  }

  @Test
  void aConflictNamesTheState() {
    Map<JobState, String> details = new EnumMap<>(JobState.class);
    for (JobState state : JobState.values()) {
      if (new JobCommand.Delete().refusal(job(state)) instanceof Verdict.Refused(Problem problem)) {
        details.put(state, problem.detail());
      }
    }

    String job = "job " + job(JobState.DEAD).id();
    assertEquals(
        "Expected a job that has ended, but " + job + " is RUNNING: cancel it first",
        details.get(JobState.RUNNING));
    assertEquals(
        "Expected a job whose handler has ended, but "
            + job
            + " is CANCELLED, and a handler of it may still run",
        details.get(JobState.CANCELLED));
  }

  private static JobView job(JobState state) {
    JobSpec spec = JobSpec.of("a", JsonBytes.NULL).withDeadline(PAST);
    return InMemoryEngine.view(
        new LogEntry.Submit(JobId.of(3, 1, 1), spec, TraceContext.NONE), state, null);
  }

  private static String said(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Done _ -> "done";
      case Verdict.Gone() -> "gone";
      case Verdict.Refused(Problem problem) ->
          problem.errors().isEmpty()
              ? problem.code().code()
              : problem.errors().getFirst().pointer();
    };
  }
}
