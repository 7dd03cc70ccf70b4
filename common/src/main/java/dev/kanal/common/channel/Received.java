package dev.kanal.common.channel;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a {@link Source} answers. */
public sealed interface Received<T> {
  /** Values, possibly none. */
  record Batch<T>(List<Delivery<T>> deliveries) implements Received<T> {
    public Batch {
      deliveries = List.copyOf(deliveries);
    }
  }

  /** There will be no more values; the error, if that is why. */
  record Closed<T>(@Nullable Exception error) implements Received<T> {}
}
