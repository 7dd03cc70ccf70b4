package dev.kanal.common.channel;

import java.time.Duration;

/** The receiving end of a channel. Belongs to one thread, except for {@link #wakeUp}. */
public interface Source<T> extends AutoCloseable {
  /** Waits at most {@code patience} for values. */
  Received<T> receive(Duration patience);

  /** Says what became of a delivery; takes effect with the next {@link #receive}, at the latest. */
  void settle(Delivery<T> delivery, Settlement settlement);

  /** Makes a waiting {@link #receive} return early; from any thread. */
  void wakeUp();

  /** Gives everything unsettled back to the channel at once. */
  @Override
  void close();
}
