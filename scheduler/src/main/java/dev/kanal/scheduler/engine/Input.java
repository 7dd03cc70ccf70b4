package dev.kanal.scheduler.engine;

import dev.kanal.common.job.JobId;
import dev.kanal.common.log.LogEntry;
import dev.kanal.common.log.LogEntry.DispatchFailed;
import dev.kanal.common.log.LogEntry.Finished;
import dev.kanal.common.log.LogEntry.Heartbeat;
import dev.kanal.common.log.LogEntry.Leased;
import dev.kanal.common.log.LogEntry.QueueReady;
import dev.kanal.common.log.LogEntry.Submit;
import dev.kanal.common.log.LogEntry.Tick;
import org.jspecify.annotations.Nullable;

/** What one decision is about. */
sealed interface Input {
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
        case Heartbeat _, Tick _, QueueReady _ -> null;
      };
    }
  }

  /** A timer is due. */
  record Due(TimerKind kind, JobId job) implements Input {}

  /** The job's lane was made ready: its task is to be sent, or sent again. */
  record Resend(JobId job) implements Input {}
}
