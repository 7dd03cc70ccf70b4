package dev.kanal.bench.inprocess;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A stack without a lock, after Treiber; usable from any thread. */
final class TreiberStack<T> {
  private final AtomicReference<@Nullable Node<T>> top = new AtomicReference<>();

  private record Node<T>(T value, @Nullable Node<T> below) {}

  void push(T value) {
    Node<T> seen;
    do {
      seen = top.get();
    } while (!top.compareAndSet(seen, new Node<>(value, seen)));
  }

  /** The value on top; null if there is none. */
  @Nullable T pop() {
    Node<T> seen;
    do {
      seen = top.get();
      if (seen == null) {
        return null;
      }
    } while (!top.compareAndSet(seen, seen.below()));
    return seen.value();
  }
}
