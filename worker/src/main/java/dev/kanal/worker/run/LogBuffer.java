package dev.kanal.worker.run;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.kanal.common.job.LogLine;
import dev.kanal.common.log.LogEntry.Logged;
import dev.kanal.worker.report.LogBudget;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The lines that a handler has logged and that were not sent yet: the newest, as many as a job
 * keeps. Lines that are left out are counted: the oldest when there are too many, the newest when
 * the whole worker has too many. Usable from any thread; never waits for Kafka.
 */
final class LogBuffer {
  private final LogBudget budget;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final Deque<LogLine> lines = new ArrayDeque<>(0);

  /** Of the lines. */
  @GuardedBy("lock")
  private int bytes;

  /** The number of lines before these, sent or not. */
  @GuardedBy("lock")
  private long before;

  /** Of these, the last that were left out and not reported. */
  @GuardedBy("lock")
  private int omitted;

  /** Left out behind the lines. */
  @GuardedBy("lock")
  private int omittedLast;

  private volatile boolean empty = true;

  LogBuffer(LogBudget budget) {
    this.budget = budget;
  }

  /**
   * Lines to be sent.
   *
   * @param before lines of the run before those that are left out here
   * @param omitted lines left out before these
   * @param bytes of the budget, to be given back
   */
  record Batch(long before, int omitted, List<LogLine> lines, int bytes) {}

  void add(LogLine line) {
    int size = line.bytes();
    lock.lock();
    try {
      empty = false;
      if (omittedLast > 0 || !budget.take(size)) {
        omittedLast++;
        return;
      }
      lines.addLast(line);
      bytes += size;
      while (lines.size() > Logged.LINES_MAX || bytes > Logged.BYTES_MAX) {
        int oldest = lines.removeFirst().bytes();
        bytes -= oldest;
        budget.giveBack(oldest);
        omitted++;
      }
    } finally {
      lock.unlock();
    }
  }

  boolean isEmpty() {
    return empty;
  }

  /** Takes all lines; null if there are none. */
  @Nullable Batch take() {
    if (empty) {
      return null;
    }
    lock.lock();
    try {
      if (lines.isEmpty() && omitted + omittedLast == 0) {
        return null;
      }
      boolean onlyOmitted = lines.isEmpty();
      int left = onlyOmitted ? omitted + omittedLast : omitted;
      Batch batch = new Batch(before, left, new ArrayList<>(lines), bytes);
      before += left + lines.size();
      omitted = onlyOmitted ? 0 : omittedLast;
      omittedLast = 0;
      empty = omitted == 0;
      lines.clear();
      bytes = 0;
      return batch;
    } finally {
      lock.unlock();
    }
  }

  /** Drops all lines. */
  void discard() {
    Batch batch = take();
    if (batch != null) {
      budget.giveBack(batch.bytes());
    }
  }
}
