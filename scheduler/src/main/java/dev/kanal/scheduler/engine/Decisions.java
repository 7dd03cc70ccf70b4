package dev.kanal.scheduler.engine;

import dev.kanal.common.job.JobState;
import dev.kanal.common.job.StartTime;
import dev.kanal.common.log.LogEntry;
import dev.kanal.common.log.LogEntry.Cancel;
import dev.kanal.common.log.LogEntry.Delete;
import dev.kanal.common.log.LogEntry.DeleteQueue;
import dev.kanal.common.log.LogEntry.DispatchFailed;
import dev.kanal.common.log.LogEntry.Drained;
import dev.kanal.common.log.LogEntry.Finished;
import dev.kanal.common.log.LogEntry.Heartbeat;
import dev.kanal.common.log.LogEntry.Held;
import dev.kanal.common.log.LogEntry.Leased;
import dev.kanal.common.log.LogEntry.Progressed;
import dev.kanal.common.log.LogEntry.PutQueue;
import dev.kanal.common.log.LogEntry.QueueChanged;
import dev.kanal.common.log.LogEntry.QueueReady;
import dev.kanal.common.log.LogEntry.RelayDone;
import dev.kanal.common.log.LogEntry.Relayed;
import dev.kanal.common.log.LogEntry.Retry;
import dev.kanal.common.log.LogEntry.RunNow;
import dev.kanal.common.log.LogEntry.Start;
import dev.kanal.common.log.LogEntry.Stopped;
import dev.kanal.common.log.LogEntry.Submit;
import dev.kanal.common.log.LogEntry.Tick;
import dev.kanal.common.log.WorkerRef;
import dev.kanal.scheduler.engine.Transitions.Change;
import org.jspecify.annotations.Nullable;

/** The engine's decision function. */
final class Decisions implements Decider {
  private final EngineRules rules;
  private final Transitions transitions = new Transitions();
  private final OutcomeDecisions outcomes;

  Decisions(EngineRules rules) {
    this.rules = rules;
    this.outcomes = new OutcomeDecisions(rules, transitions);
  }

  @Override
  public void decide(Step step, Input input) {
    switch (input) {
      case Input.Entry(var entry) -> entry(step, entry);
      case Input.Resend(var job) -> resend(step, step.job(job));
      case Input.Due(var kind, var job) -> {
        JobRow row = step.job(job);
        if (row != null) {
          due(step, kind, row);
        }
      }
    }
  }

  private void entry(Step step, LogEntry entry) {
    switch (entry) {
      case Submit submit -> submit(step, submit);
      case Leased leased -> leased(step, leased);
      case Finished finished -> outcomes.finished(step, finished);
      case Heartbeat(var worker) -> seen(step, worker);
      case Tick _ -> tick(step);
      case QueueReady ready -> ready(step, ready);
      case DispatchFailed failed -> dispatchFailed(step, failed);
      case Cancel _, Retry _, RunNow _, Delete _, PutQueue _, DeleteQueue _, QueueChanged _ -> {}
      case Start _, Stopped _, Progressed _, Held _, Relayed _, RelayDone _, Drained _ -> {}
    }
  }

  private void submit(Step step, Submit submit) {
    if (step.job(submit.job()) != null) {
      return;
    }
    long now = step.nowMs();
    long startMs =
        switch (submit.spec().start()) {
          case StartTime.Now _ -> now;
          case StartTime.After(var delay) -> now + delay.toMillis();
          case StartTime.At(var time) -> time.toEpochMilli();
        };
    JobRow row =
        new JobRow(submit.job(), submit.spec(), submit.trace(), now, Progress.scheduled(startMs));
    step.put(Keys.payload(row.id()), submit.spec().payload().utf8());
    if (startMs > now) {
      transitions.saved(step, row, row, null);
    } else {
      transitions.send(step, new Change(row, row, null), submit.spec().payload());
    }
  }

  private void leased(Step step, Leased leased) {
    seen(step, leased.run().worker());
    JobRow row = step.job(leased.run().job());
    if (row == null
        || row.progress().dispatch() != leased.run().dispatch()
        || row.progress().dispatchEnded()
        || (row.state() != JobState.QUEUED && row.state() != JobState.BLOCKED)) {
      return;
    }
    step.add(new Effect.Settled(row.id(), leased.run().dispatch()));
    long until = step.nowMs() + rules.lease().toMillis();
    JobRow next = row.with(row.progress().leased(leased.run().worker(), until));
    transitions.saved(step, row, next, null);
  }

  /** A gap between ticks means that the engine or Kafka was away: no lease is judged by it. */
  private void tick(Step step) {
    Meta meta = step.meta();
    boolean gap = meta.nowMs() - meta.tickMs() > rules.tickGap().toMillis();
    step.setMeta(meta.ticked(gap ? meta.nowMs() + rules.lease().toMillis() : meta.leaseGraceMs()));
  }

  private void ready(Step step, QueueReady ready) {
    Lane lane = new Lane(ready.queue(), ready.priority());
    byte[] known = step.get(Keys.ready(lane));
    boolean sameTopic = known != null && RowCodec.decodeText(known).equals(ready.topicId());
    long resendBefore = sameTopic ? 0 : step.meta().offset();
    byte[] pending = step.get(Keys.walk(lane));
    if (pending != null) {
      resendBefore = Math.max(resendBefore, RowCodec.decodeNumber(pending));
    }
    step.put(Keys.ready(lane), RowCodec.encodeText(ready.topicId()));
    step.put(Keys.walk(lane), RowCodec.encodeNumber(resendBefore));
    step.add(new Effect.Open(lane));
    step.add(new Effect.Continue());
  }

  private void dispatchFailed(Step step, DispatchFailed failed) {
    JobRow row = step.job(failed.job());
    if (row != null
        && row.state() == JobState.QUEUED
        && row.progress().dispatch() == failed.dispatch()) {
      JobRow next = row.with(row.progress().blocked(step.meta().offset()));
      transitions.saved(step, row, next, null);
    }
  }

  private void resend(Step step, @Nullable JobRow row) {
    if (row != null && (row.state() == JobState.BLOCKED || row.state() == JobState.QUEUED)) {
      transitions.sendStored(step, new Change(row, row, null));
    }
  }

  private void due(Step step, TimerKind kind, JobRow row) {
    boolean due = row.progress().dueMs() <= step.nowMs();
    switch (kind) {
      case START -> {
        if (due && (row.state() == JobState.SCHEDULED || row.state() == JobState.RETRYING)) {
          transitions.sendStored(step, new Change(row, row, null));
        }
      }
      case DEADLINE -> {
        if (!row.state().isFinal()) {
          transitions.finish(step, new Change(row, row, null), JobState.EXPIRED, null);
        }
      }
      case LEASE -> {
        if (due && row.state() == JobState.RUNNING) {
          leaseDue(step, row);
        }
      }
      case RETENTION -> {
        if (row.state().isFinal() && row.keptUntilMs() <= step.nowMs()) {
          step.remove(row);
        }
      }
    }
  }

  private void leaseDue(Step step, JobRow row) {
    WorkerRef holder = row.progress().holder();
    if (holder == null) {
      throw new IllegalStateException("Expected a lease holder of job " + row.id() + ", but none");
    }
    byte[] seen = step.get(Keys.worker(holder.name(), holder.incarnation()));
    long lastSeenMs = seen == null ? 0 : RowCodec.decodeNumber(seen);
    long until = Math.max(lastSeenMs + rules.lease().toMillis(), step.meta().leaseGraceMs());
    if (until > step.nowMs()) {
      step.save(row, row.with(row.progress().leased(holder, until)));
    } else {
      outcomes.lost(step, row, holder);
    }
  }

  /** Notes a worker's sign of life. */
  private static void seen(Step step, WorkerRef worker) {
    step.put(Keys.worker(worker.name(), worker.incarnation()), RowCodec.encodeNumber(step.nowMs()));
  }
}
