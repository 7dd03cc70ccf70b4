package dev.kanal.worker.run;

import dev.kanal.common.job.LogLine;
import dev.kanal.worker.lane.TaskRunner;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Sends the log lines of one attempt: once a second, one record at a time, and the rest at its end.
 */
final class LogSender {
  static final Duration EVERY = Duration.ofSeconds(1);

  private final TaskRunner.Listener listener;
  private final RunnerParts parts;
  private final LogBuffer buffer;

  private final ReentrantLock lock = new ReentrantLock();

  /** The watching thread. */
  private long sentNanos;

  /** A record is on its way. */
  private volatile boolean sending;

  LogSender(TaskRunner.Listener listener, RunnerParts parts) {
    this.listener = listener;
    this.parts = parts;
    this.buffer = new LogBuffer(parts.logs());
    this.sentNanos = parts.clocks().ticker().nanos() - EVERY.toNanos();
  }

  void add(LogLine line) {
    buffer.add(line);
  }

  /** The watching thread, every few milliseconds. */
  void sendDue(long nowNanos) {
    if (buffer.isEmpty()
        || sending
        || nowNanos - sentNanos < EVERY.toNanos()
        || !listener.takesLines()) {
      return;
    }
    sentNanos = nowNanos;
    send();
  }

  /** Sends all lines, even while a record is on its way. */
  void sendAll() {
    send();
  }

  /** Drops lines that came too late. */
  void close() {
    buffer.discard();
  }

  /** Under a lock, so that what is taken first is sent first. */
  private void send() {
    if (buffer.isEmpty()) {
      return;
    }
    lock.lock();
    try {
      LogBuffer.Batch batch = buffer.take();
      if (batch != null) {
        sending = true;
        var _ =
            listener
                .logged(batch.before(), batch.omitted(), batch.lines())
                .whenComplete(
                    (_, _) -> {
                      parts.logs().giveBack(batch.bytes());
                      sending = false;
                    });
      }
    } finally {
      lock.unlock();
    }
  }
}
