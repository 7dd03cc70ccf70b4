package dev.kanal.common.log;

import dev.kanal.common.context.AttemptTrace;
import dev.kanal.common.context.TraceContext;
import dev.kanal.common.job.Backoff;
import dev.kanal.common.job.ErrorInfo;
import dev.kanal.common.job.Idempotency;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobKey;
import dev.kanal.common.job.JobProgress;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Outcome;
import dev.kanal.common.job.Owner;
import dev.kanal.common.job.Priority;
import dev.kanal.common.job.Reason;
import dev.kanal.common.job.Retention;
import dev.kanal.common.job.RetryPolicy;
import dev.kanal.common.job.ScheduleTick;
import dev.kanal.common.job.StartTime;
import dev.kanal.common.job.TokenHash;
import dev.kanal.common.log.LogEntry.AskToRun;
import dev.kanal.common.log.LogEntry.Cancel;
import dev.kanal.common.log.LogEntry.Complete;
import dev.kanal.common.log.LogEntry.Delete;
import dev.kanal.common.log.LogEntry.DeleteQueue;
import dev.kanal.common.log.LogEntry.DeleteSchedule;
import dev.kanal.common.log.LogEntry.DispatchFailed;
import dev.kanal.common.log.LogEntry.Drained;
import dev.kanal.common.log.LogEntry.Finished;
import dev.kanal.common.log.LogEntry.FormatActivated;
import dev.kanal.common.log.LogEntry.Heartbeat;
import dev.kanal.common.log.LogEntry.HeldLeases;
import dev.kanal.common.log.LogEntry.Leased;
import dev.kanal.common.log.LogEntry.PauseSchedule;
import dev.kanal.common.log.LogEntry.Progressed;
import dev.kanal.common.log.LogEntry.PutQueue;
import dev.kanal.common.log.LogEntry.PutSchedule;
import dev.kanal.common.log.LogEntry.QueueChanged;
import dev.kanal.common.log.LogEntry.QueueReady;
import dev.kanal.common.log.LogEntry.RelayDone;
import dev.kanal.common.log.LogEntry.Relayed;
import dev.kanal.common.log.LogEntry.Reschedule;
import dev.kanal.common.log.LogEntry.Retry;
import dev.kanal.common.log.LogEntry.RetryChanged;
import dev.kanal.common.log.LogEntry.RulesChanged;
import dev.kanal.common.log.LogEntry.RunNow;
import dev.kanal.common.log.LogEntry.ScheduledJobEnded;
import dev.kanal.common.log.LogEntry.Stopped;
import dev.kanal.common.log.LogEntry.Submit;
import dev.kanal.common.log.LogEntry.Tick;
import dev.kanal.common.log.LogEntry.TriggerSchedule;
import dev.kanal.common.log.LogEntry.TypesHandled;
import dev.kanal.common.queue.QueueDefaults;
import dev.kanal.common.queue.QueueSettings;
import dev.kanal.common.queue.Rate;
import dev.kanal.common.queue.Scaling;
import dev.kanal.common.schedule.Cadence;
import dev.kanal.common.schedule.ConcurrencyPolicy;
import dev.kanal.common.schedule.Cron;
import dev.kanal.common.schedule.Misfire;
import dev.kanal.common.schedule.Precondition;
import dev.kanal.common.schedule.ScheduleSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One log entry of each shape, by name. */
final class Samples {
  private static final JobId JOB = JobId.of(5, 1_700_000_000_123L, 0x1234_5678_9ABC_DEF0L);
  private static final WorkerRef WORKER = new WorkerRef("höst-1", 0xCAFE_BABEL);
  private static final Run RUN = new Run(JOB, 3, WORKER);
  private static final Instant START = Instant.ofEpochMilli(1_700_000_001_000L);
  private static final Instant END = Instant.ofEpochMilli(1_700_000_002_500L);
  private static final ErrorInfo ERROR = new ErrorInfo("java.io.IOException", "ouch", "at x.Y");

  private Samples() {}

  /** What version 2 can say; the first lines are all that version 1 could. */
  static Map<String, LogEntry> all() {
    Map<String, LogEntry> all = version1();
    JobSpec keyed =
        fullSpec()
            .withKey(new JobKey("customer-7", 3))
            .withIdempotency(new Idempotency("order-1", 11, 12))
            .withTick(new ScheduleTick("nightly", START));
    all.put("submit-keyed", submit(keyed));
    all.put(
        "submit-owned", submit(fullSpec().withOwner(new Owner(JOB, "thumb", 7, 1, 2, true, 3))));
    all.put("cancel", new Cancel(JOB, null));
    all.put("cancel-purged", new Cancel(JOB, Reason.PURGED));
    all.put("retry", new Retry(JOB, END));
    all.put("retry-changed", new RetryChanged(JOB, END, JsonBytes.of("{\"a\":1}"), "slow"));
    all.put("retry-changed-payload", new RetryChanged(JOB, null, JsonBytes.of("1"), null));
    all.put("retry-changed-queue", new RetryChanged(JOB, null, null, "slow"));
    all.put("reschedule-at", new Reschedule(JOB, new StartTime.At(END)));
    all.put("reschedule-after", new Reschedule(JOB, new StartTime.After(Duration.ofMinutes(5))));
    all.put("run-now", new RunNow(JOB));
    all.put("delete", new Delete(JOB));
    all.put("put-queue", new PutQueue("emails", fullQueue()));
    all.put("put-queue-defaults", new PutQueue("emails", QueueSettings.of(4, 1_000)));
    all.put("delete-queue", new DeleteQueue("emails"));
    all.put("queue-changed", new QueueChanged("emails", fullQueue(), 77));
    all.put("queue-changed-gone", new QueueChanged("emails", null, 78));
    all.put("start", new AskToRun(RUN));
    all.put("stopped", new Stopped(RUN));
    all.put(
        "finished-still-running", new Finished(RUN, START, END, new Outcome.TimedOut(ERROR), true));
    String span = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    all.put(
        "finished-traced",
        new Finished(
            RUN, START, END, new Outcome.TimedOut(ERROR), true, new AttemptTrace(span, span)));
    all.put("finished-unhandled-announced", finished(new Outcome.Unhandled("sum", true)));
    all.put("progressed", new Progressed(RUN, new JobProgress(0.25, "a quarter")));
    all.put("held", new HeldLeases(WORKER, List.of(new Lease(JOB, 3))));
    all.put("relayed", new Relayed(4, 9, new Cancel(JOB, Reason.REPLACED)));
    all.put("relay-done", new RelayDone(4, 9));
    all.put("rules-changed", new RulesChanged(2));
    all.put("format-activated", new FormatActivated(LogFormat.FLOWS.number()));
    all.put("drained", new Drained("emails", Priority.HIGH, START));
    all.put("types-handled", new TypesHandled("emails", List.of("send-mail", "sum")));
    all.put("types-handled-unknown", new TypesHandled("emails", null));
    all.putAll(BulkActionSamples.all());
    all.putAll(HandlerSamples.all());
    all.putAll(FlowSamples.all());
    all.putAll(schedules());
    TokenHash token = TokenHash.of("secret");
    all.put("finished-parked", finished(new Outcome.Parked(token, END)));
    all.put(
        "complete", new Complete(JOB, token, new Outcome.Succeeded(JsonBytes.of("{\"ok\":true}"))));
    all.put("complete-failed", new Complete(JOB, token, new Outcome.Failed(ERROR, true)));
    return all;
  }

  private static Map<String, LogEntry> schedules() {
    Map<String, LogEntry> all = new LinkedHashMap<>();
    JobSpec report = JobSpec.of("report", JsonBytes.of("{}"));
    ScheduleSpec every = ScheduleSpec.of(new Cadence.Every(Duration.ofMinutes(5)), report);
    ScheduleSpec full =
        new ScheduleSpec(
            new Cadence.ByCron(Cron.parse("0 6 * * MON-FRI"), ZoneId.of("Europe/Paris")),
            report.withKey(new JobKey("report", 1)),
            new Misfire(Misfire.Policy.FIRE_ALL, 7),
            Duration.ofHours(2),
            ConcurrencyPolicy.REPLACE,
            true);
    all.put("put-schedule", new PutSchedule("five", every, Precondition.NONE));
    all.put("put-schedule-full", new PutSchedule("früh", full, new Precondition.Exists(false)));
    all.put(
        "put-schedule-if",
        new PutSchedule("five", every, new Precondition.AnyOf(Set.of(3L, 70_000L))));
    all.put("put-schedule-traced", new PutSchedule("five", every, Precondition.NONE, fullTrace()));
    all.put("delete-schedule", new DeleteSchedule("five", new Precondition.Exists(true)));
    all.put("pause-schedule", new PauseSchedule("five", true, Precondition.NONE));
    all.put("trigger-schedule", new TriggerSchedule("five"));
    all.put("scheduled-job-ended", new ScheduledJobEnded("five", JOB, JobState.DEAD, END));
    return all;
  }

  private static QueueSettings fullQueue() {
    return new QueueSettings(
        8,
        5_000,
        10,
        new Rate(100, Duration.ofSeconds(1)),
        3,
        true,
        true,
        new QueueDefaults(
            RetryPolicy.DEFAULT,
            Duration.ofMinutes(1),
            new Retention(Duration.ZERO, Duration.ofDays(2))),
        Scaling.DEFAULT);
  }

  static Map<String, LogEntry> version1() {
    Map<String, LogEntry> all = new LinkedHashMap<>();
    all.put("submit-defaults", submit(JobSpec.of("sum", JsonBytes.of("{\"data\":[1]}"))));
    all.put("submit-full", new Submit(JOB, fullSpec(), fullTrace()));
    all.put("leased", new Leased(RUN, START));
    all.put("heartbeat", new Heartbeat(WORKER));
    all.put("tick", new Tick());
    all.put("queue-ready", new QueueReady("emails", Priority.LOW, "abcDEF123"));
    all.put("dispatch-failed", new DispatchFailed(JOB, 3, "no such topic"));
    all.put("finished-succeeded", finished(new Outcome.Succeeded(JsonBytes.of("{\"sum\":1}"))));
    all.put("finished-failed", finished(new Outcome.Failed(ERROR, true)));
    all.put("finished-failed-for-good", finished(new Outcome.Failed(ERROR.withoutStack(), false)));
    all.put("finished-snoozed", finished(new Outcome.Snoozed(Duration.ofSeconds(9), ERROR)));
    all.put("finished-cancelled", finished(new Outcome.Cancelled()));
    all.put("finished-timed-out", finished(new Outcome.TimedOut(ERROR)));
    all.put("finished-unhandled", finished(new Outcome.Unhandled("sum", false)));
    all.put("finished-lost", finished(new Outcome.Lost("höst-1")));
    return all;
  }

  private static Submit submit(JobSpec spec) {
    return new Submit(JOB, spec, TraceContext.NONE);
  }

  private static Finished finished(Outcome outcome) {
    return new Finished(RUN, START, END, outcome);
  }

  private static TraceContext fullTrace() {
    return new TraceContext(
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "a=b", "tenant=7");
  }

  private static JobSpec fullSpec() {
    return new JobSpec(
        "http",
        JsonBytes.of("\"ü\""),
        "emails",
        Priority.HIGH,
        new StartTime.After(Duration.ofMinutes(5)),
        Duration.ofSeconds(30),
        END,
        new RetryPolicy(3, new Backoff(Duration.ofMillis(250), 1.5, Duration.ofHours(1), 0)),
        Map.of("team", "blue", "region", "eu"),
        new Retention(Duration.ofHours(1), Duration.ofDays(7)),
        null,
        null,
        null,
        null,
        null);
  }
}
