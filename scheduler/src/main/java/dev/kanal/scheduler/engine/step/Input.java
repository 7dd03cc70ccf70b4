package dev.kanal.scheduler.engine.step;

import dev.kanal.common.job.JobId;
import dev.kanal.common.log.FlowEntry;
import dev.kanal.common.log.LogEntry;
import dev.kanal.common.log.LogEntry.AskToRun;
import dev.kanal.common.log.LogEntry.Cancel;
import dev.kanal.common.log.LogEntry.Complete;
import dev.kanal.common.log.LogEntry.Delete;
import dev.kanal.common.log.LogEntry.DeleteQueue;
import dev.kanal.common.log.LogEntry.DispatchFailed;
import dev.kanal.common.log.LogEntry.Drained;
import dev.kanal.common.log.LogEntry.Finished;
import dev.kanal.common.log.LogEntry.FormatActivated;
import dev.kanal.common.log.LogEntry.Heartbeat;
import dev.kanal.common.log.LogEntry.HeldLeases;
import dev.kanal.common.log.LogEntry.Leased;
import dev.kanal.common.log.LogEntry.Progressed;
import dev.kanal.common.log.LogEntry.PutQueue;
import dev.kanal.common.log.LogEntry.QueueChanged;
import dev.kanal.common.log.LogEntry.QueueReady;
import dev.kanal.common.log.LogEntry.RelayDone;
import dev.kanal.common.log.LogEntry.Relayed;
import dev.kanal.common.log.LogEntry.Reschedule;
import dev.kanal.common.log.LogEntry.Retry;
import dev.kanal.common.log.LogEntry.RetryChanged;
import dev.kanal.common.log.LogEntry.RulesChanged;
import dev.kanal.common.log.LogEntry.RunNow;
import dev.kanal.common.log.LogEntry.Stopped;
import dev.kanal.common.log.LogEntry.Submit;
import dev.kanal.common.log.LogEntry.Tick;
import dev.kanal.common.log.LogEntry.TypesHandled;
import dev.kanal.scheduler.engine.row.BulkActionRow;
import dev.kanal.scheduler.engine.row.EndRow;
import dev.kanal.scheduler.engine.row.Tables.ChannelType;
import dev.kanal.scheduler.engine.row.TimerKind;
import org.jspecify.annotations.Nullable;

/** What one decision is about. */
public sealed interface Input {
  /** The job it is about, if it is about one. */
  @Nullable JobId job();

  /**
   * A record of the log; a tick only moves the time here, what it brings are inputs of their own.
   */
  record Entry(LogEntry entry) implements Input {
    @Override
    public @Nullable JobId job() {
      return switch (entry) {
        case Submit submit -> submit.job();
        case Leased leased -> leased.run().job();
        case Finished finished -> finished.run().job();
        case DispatchFailed failed -> failed.job();
        case Cancel cancel -> cancel.job();
        case Retry retry -> retry.job();
        case RetryChanged retry -> retry.job();
        case Reschedule reschedule -> reschedule.job();
        case RunNow run -> run.job();
        case Delete delete -> delete.job();
        case Complete complete -> complete.job();
        case AskToRun ask -> ask.run().job();
        case Stopped stopped -> stopped.run().job();
        case Progressed progressed -> progressed.run().job();
        case Relayed relayed -> new Entry(relayed.entry()).job();
        case LogEntry.ScheduleEntry _ -> null;
        case LogEntry.BulkActionEntry _ -> null;
        case FlowEntry _ -> null;
        case LogEntry.HandlerEntry handler -> handler.job();
        case Heartbeat _, HeldLeases _, Tick _, QueueReady _, Drained _ -> null;
        case PutQueue _, DeleteQueue _, QueueChanged _, RelayDone _, RulesChanged _ -> null;
        case TypesHandled _, FormatActivated _ -> null;
      };
    }
  }

  /** A job's timer is due. */
  record Due(TimerKind kind, JobId job) implements Input {}

  /** A timer is due that is not a job's. */
  record SubjectDue(TimerKind kind, String subject) implements Input {
    @Override
    public @Nullable JobId job() {
      return null;
    }
  }

  /** A job of the queue that is blocked by it is to be sent, if one can be. */
  record QueueWalk(String queue) implements Input {
    @Override
    public @Nullable JobId job() {
      return null;
    }
  }

  /** A job that waits for the key is to be admitted, if there is a place. */
  record KeyWalk(String queue, String key) implements Input {
    @Override
    public @Nullable JobId job() {
      return null;
    }
  }

  /** A job of the channel is to be sent that waits for a worker of its type. */
  record TypeWalk(ChannelType walk) implements Input {
    @Override
    public @Nullable JobId job() {
      return null;
    }
  }

  /** The next of a job's children is to be cancelled, or some of them forgotten. */
  record ChildWalk(JobId job) implements Input {}

  /** The job's topic was made again: its task is to be sent again. */
  record Resend(JobId job) implements Input {}

  /** A bulk action brings a job that waits to another queue, if it may go there. */
  record Move(JobId job, String queue) implements Input {}

  /** An owner is told of the ends of some of its jobs. */
  record Notice(EndRow.Address to) implements Input {
    @Override
    public @Nullable JobId job() {
      return null;
    }
  }

  /** A flow decides about its steps. */
  record FlowTurn(long number, JobId flow) implements Input {
    @Override
    public @Nullable JobId job() {
      return null;
    }
  }

  /** Something is done about a member of a flow. */
  record MemberParcel(long number) implements Input {
    @Override
    public @Nullable JobId job() {
      return null;
    }
  }

  /** A running bulk action has taken its next jobs. */
  record BulkActionTaken(BulkActionRow.Taken taken) implements Input {
    @Override
    public @Nullable JobId job() {
      return null;
    }
  }
}
