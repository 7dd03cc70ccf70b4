package dev.kanal.worker.run;

import dev.kanal.common.clock.Ticker;
import dev.kanal.common.job.JobProgress;
import dev.kanal.worker.lane.TaskRunner;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Sends the latest progress of one attempt at most once in a period. */
final class ProgressSender {
  private final TaskRunner.Listener listener;
  private final Duration every;

  /** The latest unsent progress. */
  private final AtomicReference<@Nullable JobProgress> latest = new AtomicReference<>();

  /** The watching thread. */
  private long sentNanos;

  /**
   * @param every the period; zero sends each progress at once, in the handler's thread
   */
  ProgressSender(TaskRunner.Listener listener, Duration every, Ticker ticker) {
    this.listener = listener;
    this.every = every;
    this.sentNanos = ticker.nanos() - every.toNanos();
  }

  void set(JobProgress progress) {
    if (every.isZero()) {
      listener.progressed(progress);
    } else {
      latest.set(progress);
    }
  }

  /** The watching thread, every few milliseconds. */
  void sendDue(long nowNanos) {
    if (latest.get() == null || nowNanos - sentNanos < every.toNanos()) {
      return;
    }
    JobProgress progress = latest.getAndSet(null);
    if (progress == null || listener.progressed(progress)) {
      sentNanos = nowNanos;
    } else {
      latest.compareAndSet(null, progress);
    }
  }
}
