package dev.kanal.scheduler.engine.job;

import static dev.kanal.scheduler.engine.row.Tables.LEASES;
import static dev.kanal.scheduler.engine.row.Tables.LINGERING;
import static dev.kanal.scheduler.engine.row.Tables.QUEUED;
import static dev.kanal.scheduler.engine.row.Tables.REPORTS;
import static dev.kanal.scheduler.engine.row.Tables.WORKERS;

import dev.kanal.common.channel.Channel;
import dev.kanal.common.control.ControlMessage.Drop;
import dev.kanal.common.control.ControlMessage.Granted;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobState;
import dev.kanal.common.log.Lease;
import dev.kanal.common.log.LogEntry.Drained;
import dev.kanal.common.log.LogEntry.HeldLeases;
import dev.kanal.common.log.LogEntry.Leased;
import dev.kanal.common.log.LogEntry.Progressed;
import dev.kanal.common.log.Run;
import dev.kanal.common.log.WorkerRef;
import dev.kanal.scheduler.engine.job.Transitions.Change;
import dev.kanal.scheduler.engine.row.JobRow;
import dev.kanal.scheduler.engine.row.JobStatus.LeaseState;
import dev.kanal.scheduler.engine.step.Effect;
import dev.kanal.scheduler.engine.step.EngineRules;
import dev.kanal.scheduler.engine.step.Step;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Grants, renews and ends leases, and sends lost tasks again. */
public final class LeaseDecisions {
  /** Lists of held leases in which a lease may be missing before it counts as lost. */
  private static final int MISSED_MAX = 2;

  /**
   * Holds the lease of a final job's task that was asked for and refused: another worker may have
   * begun with it before the cancel, and has as long as a lease lasts to report.
   */
  private static final WorkerRef NOBODY = new WorkerRef("nobody", 0);

  private final EngineRules rules;
  private final Transitions transitions;
  private final Gates gates;
  private final OutcomeDecisions outcomes;
  private final ParkDecisions parks;

  public LeaseDecisions(
      EngineRules rules,
      Transitions transitions,
      Gates gates,
      OutcomeDecisions outcomes,
      ParkDecisions parks) {
    this.rules = rules;
    this.transitions = transitions;
    this.gates = gates;
    this.outcomes = outcomes;
    this.parks = parks;
  }

  /** The first to ask for the current dispatch gets it; all others are to leave it alone. */
  public void ask(Step step, Run run) {
    seen(step, run.worker());
    JobRow row = step.job(run.job());
    if (row == null || !isCurrent(row, run) || row.status().lease().isOfAnother(run.worker())) {
      step.add(new Effect.Control(new Drop(run)));
      lingersAt(step, row, run, NOBODY);
    } else if (row.state().isFinal()) {
      step.add(new Effect.Control(new Drop(run)));
      if (row.status().lease().worker() == null) {
        lease(step, row, NOBODY);
      }
    } else {
      step.add(new Effect.Control(new Granted(run)));
      if (row.status().lease().worker() == null) {
        lease(step, row, run.worker());
      }
    }
  }

  public void leased(Step step, Leased leased) {
    Run run = leased.run();
    seen(step, run.worker());
    JobRow row = step.job(run.job());
    if (row == null || !isCurrent(row, run) || row.status().lease().isOfAnother(run.worker())) {
      step.add(new Effect.Control(new Drop(run)));
      lingersAt(step, row, run, run.worker());
      return;
    }
    if (row.status().lease().worker() == null) {
      lease(step, row, run.worker());
    }
    if (row.state().isFinal()) {
      Transitions.cancelRun(step, row);
    }
  }

  /** A final job is leased, too, if its run is still out: its permits are held until that ends. */
  private void lease(Step step, JobRow row, WorkerRef worker) {
    step.add(new Effect.Settled(row.id(), row.status().sent().dispatch()));
    LeaseState lease = LeaseState.of(worker, step.nowMs() + rules.lease().toMillis());
    Change change = Change.of(row);
    if (row.state().isFinal()) {
      transitions.kept(step, change.to(row.status().withLease(lease)));
    } else {
      transitions.saved(step, change.to(row.status().leased(lease)));
    }
  }

  /** Now it is known where a run is that lingers: the job's next attempt waits for its end. */
  private void lingersAt(Step step, @Nullable JobRow row, Run run, WorkerRef worker) {
    if (row != null && row.status().lingersAt(run) && row.status().lease().worker() == null) {
      LeaseState lease = LeaseState.of(worker, step.nowMs() + rules.lease().toMillis()).linger();
      transitions.kept(step, Change.of(row).to(row.status().withLease(lease)));
    }
  }

  private static boolean isCurrent(JobRow row, Run run) {
    JobState state = row.state();
    boolean open =
        state == JobState.QUEUED
            || state == JobState.RUNNING
            || state == JobState.BLOCKED
            || state.isFinal();
    return open && row.status().sent().isOpen(run);
  }

  public void progressed(Step step, Progressed progressed) {
    JobRow row = step.job(progressed.run().job());
    if (row != null && !row.state().isFinal() && isCurrent(row, progressed.run())) {
      step.put(REPORTS, row.id(), progressed.progress());
    }
  }

  /** A handler that had outlived its attempt has ended. */
  public void stopped(Step step, Run run) {
    JobRow row = step.job(run.job());
    if (row != null && row.status().lingersAt(run)) {
      outcomes.runEnded(step, row);
    }
  }

  /** A lease that its worker does not name twice in a row is lost inside of it. */
  public void listed(Step step, HeldLeases held) {
    seen(step, held.worker());
    Set<JobId> named = new HashSet<>();
    for (Lease lease : held.leases()) {
      named.add(lease.job());
      JobRow row = step.job(lease.job());
      if (row == null || !isMine(row, lease, held.worker())) {
        Run run = new Run(lease.job(), lease.dispatch(), held.worker());
        step.add(new Effect.Control(new Drop(run)));
      } else if (row.state().isFinal() || row.status().lease().lingering()) {
        Transitions.cancelRun(step, row);
      }
    }
    for (JobId job : step.first(LEASES.all(held.worker()), HeldLeases.MAX)) {
      JobRow row = step.job(job);
      if (row != null) {
        judge(step, row, named.contains(row.id()));
      }
    }
  }

  private static boolean isMine(JobRow row, Lease lease, WorkerRef worker) {
    return row.status().sent().dispatch() == lease.dispatch() && row.status().lease().isOf(worker);
  }

  private void judge(Step step, JobRow row, boolean named) {
    LeaseState lease = row.status().lease();
    int missed = named ? 0 : lease.missed() + 1;
    if (missed >= MISSED_MAX) {
      lapsed(step, row);
    } else if (missed != lease.missed()) {
      transitions.kept(step, Change.of(row).to(row.status().withLease(lease.missed(missed))));
    }
  }

  /** A lease's time is up: it ends, unless its worker was heard of or the engine was away. */
  public void leaseDue(Step step, JobRow row) {
    LeaseState lease = row.status().lease();
    WorkerRef worker = lease.worker();
    if (worker == null || lease.untilMs() > step.nowMs()) {
      return;
    }
    long lastSeenMs = step.get(WORKERS, worker, 0);
    long until = Math.max(lastSeenMs + rules.lease().toMillis(), step.meta().leaseGraceMs());
    if (until > step.nowMs()) {
      transitions.kept(step, Change.of(row).to(row.status().withLease(lease.until(until))));
    } else {
      lapsed(step, row);
    }
  }

  private void lapsed(Step step, JobRow row) {
    WorkerRef worker = row.status().lease().worker();
    if (row.status().lease().isParked()) {
      parks.timeUp(step, row);
    } else if (row.state() == JobState.RUNNING && worker != null) {
      outcomes.lost(step, row, worker);
    } else {
      outcomes.runEnded(step, row);
    }
  }

  /** A topic was drained: a task that was sent before and never reported is sent again. */
  public void drained(Step step, Drained drained) {
    Channel channel = new Channel(drained.queue(), drained.priority());
    for (JobId job : step.first(QUEUED.all(channel), rules.itemsMax())) {
      JobRow row = step.job(job);
      if (row == null || row.status().sent().atMs() >= drained.before().toEpochMilli()) {
        break;
      }
      step.add(new Effect.Rescued(row.id(), row.status().sent().dispatch()));
      gates.send(step, Change.of(row));
    }
    forget(step, channel, drained.before().toEpochMilli());
  }

  /** Tasks of final jobs whose records are gone, unread: no report of them will come. */
  void forget(Step step, Channel channel, long sentBeforeMs) {
    for (JobId job : step.first(LINGERING.all(channel.queue()), rules.itemsMax())) {
      JobRow row = step.job(job);
      if (row != null
          && row.channel().equals(channel)
          && row.status().lease().worker() == null
          && row.status().sent().atMs() < sentBeforeMs) {
        outcomes.runEnded(step, row);
      }
    }
  }

  /** Notes a worker's sign of life. */
  public void seen(Step step, @Nullable WorkerRef worker) {
    if (worker != null) {
      step.put(WORKERS, worker, step.nowMs());
    }
  }
}
