package dev.kanal.scheduler.engine.query;

import dev.kanal.common.bulkaction.BulkActionOrder;
import dev.kanal.scheduler.engine.row.BulkActionRow;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the shards of one node know of a bulk action.
 *
 * @param shards that were asked
 * @param parts of those that know it
 */
public record BulkActionView(Set<Integer> shards, List<Part> parts) {
  public BulkActionView {
    shards = Set.copyOf(shards);
    parts = List.copyOf(parts);
  }

  /** How far it is. */
  public enum State {
    RUNNING,
    DONE,
    STOPPED
  }

  /**
   * One shard's part.
   *
   * @param order without its list
   * @param matched jobs that are meant, as far as the shard has looked
   * @param done jobs that it was done to
   * @param skipped jobs that it could not be done to in their state
   * @param failed jobs that became {@code DEAD} because the engine could not decide about them
   */
  public record Part(
      int shard,
      BulkActionOrder order,
      Instant createdAt,
      State state,
      long matched,
      long done,
      long skipped,
      long failed,
      @Nullable Instant finishedAt) {}

  public static Part of(int shard, BulkActionRow row) {
    BulkActionRow.Tally tally = row.tally();
    State state =
        switch (row.status()) {
          case RUNNING -> State.RUNNING;
          case DONE -> State.DONE;
          case STOPPED -> State.STOPPED;
        };
    return new Part(
        shard,
        row.order().withoutJobs(),
        Instant.ofEpochMilli(row.asOfMs()),
        state,
        tally.matched(),
        tally.done(),
        tally.skipped(),
        tally.failed(),
        row.finishedMs() == 0 ? null : Instant.ofEpochMilli(row.finishedMs()));
  }
}
