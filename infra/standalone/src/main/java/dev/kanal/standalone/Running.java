package dev.kanal.standalone;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a program has started, stopped in the opposite order, once. Usable from any thread. */
final class Running implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Running.class);

  @GuardedBy("this")
  private final Deque<AutoCloseable> started = new ArrayDeque<>();

  @GuardedBy("this")
  private boolean closed;

  /**
   * Keeps a part until {@link #close}; a part that comes later is stopped at once.
   *
   * @throws StartProblem if the program is being stopped
   */
  <T extends AutoCloseable> T add(T part) throws StartProblem {
    synchronized (this) {
      if (!closed) {
        started.push(part);
        return part;
      }
    }
    stop(part);
    throw new StartProblem("stopped before it was ready");
  }

  @Override
  public synchronized void close() {
    closed = true;
    while (!started.isEmpty()) {
      stop(started.pop());
    }
  }

  private static void stop(AutoCloseable part) {
    try {
      log.debug("Stopping {}", part.getClass().getSimpleName());
      part.close();
    } catch (Exception e) {
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      log.warn("Expected {} to stop cleanly, but it did not", part.getClass(), e);
    }
  }
}
