package dev.kanal.common.bulkaction;

import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobKey;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.ScheduleTick;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which jobs match: those that meet every condition that is set.
 *
 * @param states one of them; empty for any
 * @param tags all of them
 * @param key of ordering
 * @param schedule that made the job
 * @param parent that submitted the job
 * @param failure group of failures of which the job is dead, in 16 hexadecimal digits
 * @param createdAfter the job's submit was later
 * @param createdBefore the job's submit was earlier
 * @param find each is the end of the job's id, its type, its key, or the value of one of its tags;
 *     kept in no record or row, as only lists ask for it
 */
public record JobFilter(
    Set<JobState> states,
    @Nullable String queue,
    @Nullable String type,
    Map<String, String> tags,
    @Nullable String key,
    @Nullable String schedule,
    @Nullable JobId parent,
    @Nullable String failure,
    @Nullable Instant createdAfter,
    @Nullable Instant createdBefore,
    Set<String> find) {
  /** How many texts may be looked for at once. */
  public static final int FIND_MAX = 8;

  /** Characters of a text that is looked for. */
  public static final int FIND_LENGTH_MAX = 256;

  /** Characters of an id's end, at least: fewer would match any job. */
  public static final int ID_END_MIN = 4;

  /** Characters of a failure. */
  public static final int FAILURE_LENGTH = 16;

  /** Every job. */
  public static final JobFilter ALL =
      new JobFilter(Set.of(), null, null, Map.of(), null, null, null, null, null, null, Set.of());

  public JobFilter {
    states =
        Collections.unmodifiableSet(
            states.isEmpty() ? EnumSet.noneOf(JobState.class) : EnumSet.copyOf(states));
    tags = Collections.unmodifiableMap(new TreeMap<>(tags));
    find = Collections.unmodifiableSet(new TreeSet<>(find));
  }

  public JobFilter withStates(Set<JobState> others) {
    return new JobFilter(
        others,
        queue,
        type,
        tags,
        key,
        schedule,
        parent,
        failure,
        createdAfter,
        createdBefore,
        find);
  }

  public JobFilter withQueue(@Nullable String other) {
    return new JobFilter(
        states,
        other,
        type,
        tags,
        key,
        schedule,
        parent,
        failure,
        createdAfter,
        createdBefore,
        find);
  }

  public JobFilter withFailure(@Nullable String other) {
    return new JobFilter(
        states, queue, type, tags, key, schedule, parent, other, createdAfter, createdBefore, find);
  }

  public JobFilter withFind(Set<String> others) {
    return new JobFilter(
        states,
        queue,
        type,
        tags,
        key,
        schedule,
        parent,
        failure,
        createdAfter,
        createdBefore,
        others);
  }

  /** Whether a job of this spec, state and time of submit matches, apart from its failure. */
  public boolean matches(JobSpec spec, JobState state, Instant createdAt) {
    return (states.isEmpty() || states.contains(state))
        && (queue == null || queue.equals(spec.queue()))
        && (type == null || type.equals(spec.type()))
        && matchesKey(spec.key())
        && matchesSchedule(spec.tick())
        && (parent == null || parent.equals(spec.parent()))
        && (createdAfter == null || createdAt.isAfter(createdAfter))
        && (createdBefore == null || createdAt.isBefore(createdBefore))
        && spec.tags().entrySet().containsAll(tags.entrySet());
  }

  /** Whether every text that is looked for matches this job. */
  public boolean finds(JobId id, JobSpec spec) {
    for (String text : find) {
      if (!text.equals(spec.type())
          && (spec.key() == null || !text.equals(spec.key().value()))
          && !spec.tags().containsValue(text)
          && !isEnd(id, text)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isEnd(JobId id, String text) {
    return text.length() >= ID_END_MIN && id.toString().endsWith(text.toLowerCase(Locale.ROOT));
  }

  private boolean matchesKey(@Nullable JobKey other) {
    return key == null || (other != null && key.equals(other.value()));
  }

  private boolean matchesSchedule(@Nullable ScheduleTick tick) {
    return schedule == null || (tick != null && schedule.equals(tick.schedule()));
  }
}
