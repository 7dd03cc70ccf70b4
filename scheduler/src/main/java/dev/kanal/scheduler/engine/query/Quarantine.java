package dev.kanal.scheduler.engine.query;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What could not be read or decided about. Usable from any thread; never blocks. The futures
 * complete on a thread of the reader: hand over before doing work.
 */
public interface Quarantine {
  /** Bytes of a record that are shown. */
  int EXCERPT_MAX = 1_024;

  /**
   * The newest records below an offset. Fails with {@link UnavailableException} if Kafka does not
   * give them in time.
   *
   * @param below null for all
   * @param limit the most records
   */
  CompletableFuture<Page> read(@Nullable Long below, int limit);

  /**
   * Records, the newest first.
   *
   * @param next below what the next page begins; null if there are no more
   */
  record Page(List<Item> items, @Nullable Long next) {
    public Page {
      items = List.copyOf(items);
    }
  }

  /**
   * A record.
   *
   * @param source where in the log it was read; null of one that an older release put there
   * @param bytes its length
   * @param excerpt its first bytes, at most {@link #EXCERPT_MAX}, as text or in Base64
   */
  record Item(
      long offset,
      Instant at,
      String reason,
      @Nullable Source source,
      int bytes,
      String excerpt,
      boolean isText) {}

  /** A place in {@code kanal.log}. */
  record Source(int partition, long offset) {}
}
