package dev.kanal.common.channel;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@link Source#receive} returns. */
public sealed interface Received<T> {
  /** Values, possibly none. */
  record Batch<T>(List<Delivery<T>> deliveries) implements Received<T> {
    public Batch {
      deliveries = List.copyOf(deliveries);
    }
  }

  /** There will be no more values; with the error, if one is the cause. */
  record Closed<T>(@Nullable Exception error) implements Received<T> {}
}
