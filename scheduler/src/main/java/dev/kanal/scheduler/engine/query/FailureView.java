package dev.kanal.scheduler.engine.query;

import dev.kanal.common.job.JobId;
import dev.kanal.scheduler.engine.failure.FailureGroups;
import dev.kanal.scheduler.engine.failure.FailureRow;
import dev.kanal.scheduler.engine.table.Rows;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The dead jobs of some shards, by failure. Every count is exact: groups that were not looked at in
 * all shards are left out.
 *
 * @param groups by their names, in that order
 * @param cut the last group that was looked at in all shards; null if all were
 */
public record FailureView(Set<Integer> shards, List<Group> groups, @Nullable String cut) {
  /** Groups of a shard that are looked at. */
  public static final int LOOKED_MAX = 2_000;

  /**
   * Dead jobs of one failure.
   *
   * @param name 16 hexadecimal digits
   * @param type of the jobs
   * @param error its type
   * @param message without what differs from job to job
   * @param jobs some of them, the newest first
   */
  public record Group(
      String name,
      String queue,
      String type,
      String error,
      String message,
      long count,
      Instant firstSeen,
      Instant lastSeen,
      List<JobId> jobs) {
    public Group {
      jobs = List.copyOf(jobs);
    }

    static Group of(FailureRow row) {
      FailureRow.Kind kind = row.kind();
      return new Group(
          FailureGroups.text(kind.group()),
          kind.queue(),
          kind.type(),
          kind.error(),
          kind.message(),
          row.count(),
          Instant.ofEpochMilli(row.firstMs()),
          Instant.ofEpochMilli(row.lastMs()),
          row.jobs());
    }

    private Group plus(Group other) {
      return new Group(
          name,
          queue,
          type,
          error,
          message,
          count + other.count,
          firstSeen.isBefore(other.firstSeen) ? firstSeen : other.firstSeen,
          lastSeen.isAfter(other.lastSeen) ? lastSeen : other.lastSeen,
          Stream.concat(jobs.stream(), other.jobs.stream())
              .distinct()
              .sorted(Comparator.reverseOrder())
              .limit(FailureRow.JOBS_MAX)
              .toList());
    }
  }

  public FailureView {
    shards = Set.copyOf(shards);
    groups = List.copyOf(groups);
  }

  /** Several views, of different shards, as one. */
  public static FailureView sum(List<FailureView> parts) {
    Map<String, Group> sums = new TreeMap<>();
    List<Integer> shards = new ArrayList<>();
    String cut = null;
    for (FailureView part : parts) {
      shards.addAll(part.shards);
      part.groups.forEach(group -> sums.merge(group.name, group, Group::plus));
      String end = part.cut;
      cut = end != null && (cut == null || end.compareTo(cut) < 0) ? end : cut;
    }
    String last = cut;
    List<Group> whole =
        sums.values().stream()
            .filter(group -> last == null || group.name.compareTo(last) <= 0)
            .toList();
    return new FailureView(Set.copyOf(shards), whole, cut);
  }

  /** The failures of one shard, of a queue and a type if they are given. */
  public static FailureView of(
      int shard, Rows rows, @Nullable String queue, @Nullable String type) {
    List<Group> groups = new ArrayList<>();
    List<FailureRow> looked = new ArrayList<>();
    boolean[] more = {false};
    rows.scan(
        FailureRow.TABLE,
        (_, row) -> {
          more[0] = looked.size() == LOOKED_MAX;
          if (!more[0]) {
            looked.add(row);
          }
          return !more[0];
        });
    for (FailureRow row : looked) {
      FailureRow.Kind kind = row.kind();
      if ((queue == null || queue.equals(kind.queue()))
          && (type == null || type.equals(kind.type()))) {
        groups.add(Group.of(row));
      }
    }
    String cut = more[0] ? FailureGroups.text(looked.getLast().kind().group()) : null;
    return new FailureView(Set.of(shard), groups, cut);
  }
}
