package dev.kanal.standalone;

import java.util.ArrayDeque;
import java.util.Deque;

/** What a program has started, stopped in the opposite order, once. */
final class Running implements AutoCloseable {
  private final Deque<AutoCloseable> started = new ArrayDeque<>(); // guarded by this

  synchronized <T extends AutoCloseable> T add(T part) {
    started.push(part);
    return part;
  }

  @Override
  public synchronized void close() throws Exception {
    while (!started.isEmpty()) {
      started.pop().close();
    }
  }
}
