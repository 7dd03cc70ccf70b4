package dev.kanal.scheduler.engine.query;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Questions about schedules to the shards of this node. Usable from any thread; never blocks. The
 * futures complete on an engine thread: hand over before doing work.
 */
public interface ScheduleReader {
  /**
   * Finds a schedule; it is missing only if the log did not have it when the question was asked.
   */
  CompletableFuture<Answer> find(String name);

  /** Schedules of this node's shards in the order of their names, up to a number. */
  CompletableFuture<Part> list(String after, int limit);

  /** The answer about a schedule. */
  sealed interface Answer {
    record Found(ScheduleView schedule) implements Answer {}

    record Missing() implements Answer {}

    /** The shard is not here, or has not caught up with its log in time: ask again later. */
    record Unavailable(String why) implements Answer {}
  }

  /**
   * What one node says.
   *
   * @param shards it speaks for
   */
  record Part(Set<Integer> shards, List<ScheduleView> schedules) {
    public Part {
      shards = Set.copyOf(shards);
      schedules = List.copyOf(schedules);
    }
  }
}
