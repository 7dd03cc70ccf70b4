package dev.kanal.common.job;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a user submits. The bounds that can be set ({@code limits.*}) are checked by the API; the
 * bounds here always hold.
 *
 * @param type names the handler; {@link #TYPE}
 * @param timeout of each attempt, from 1 ms to {@link #TIMEOUT_MAX}
 * @param deadline the job ends {@code EXPIRED} if it has not ended by then
 * @param tags in the order of their names
 * @param key what it is ordered by
 * @param idempotency makes its submit repeatable
 * @param tick of the schedule that made it
 * @param parent whose handler submitted it
 * @param owner the step of a flow that its end is reported to; null without one
 */
public record JobSpec(
    String type,
    JsonBytes payload,
    String queue,
    Priority priority,
    StartTime start,
    Duration timeout,
    @Nullable Instant deadline,
    RetryPolicy retry,
    Map<String, String> tags,
    Retention retention,
    @Nullable JobKey key,
    @Nullable Idempotency idempotency,
    @Nullable ScheduleTick tick,
    @Nullable JobId parent,
    @Nullable Owner owner) {
  public static final String DEFAULT_QUEUE = "default";
  public static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(10);
  public static final Duration TIMEOUT_MAX = Duration.ofDays(7);

  /** Names of job types. */
  public static final Pattern TYPE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}");

  /** Names of queues. */
  public static final Pattern QUEUE = Pattern.compile("[a-z0-9-]{1,63}");

  /** Longest name of a tag, in characters. */
  public static final int TAG_NAME_MAX = 63;

  /** Longest value of a tag, in characters. */
  public static final int TAG_VALUE_MAX = 256;

  public JobSpec {
    if (!isType(type)) {
      throw new IllegalArgumentException("Expected type to match " + TYPE + ", but got " + type);
    }
    if (!isQueue(queue)) {
      throw new IllegalArgumentException("Expected queue to match " + QUEUE + ", but got " + queue);
    }
    if (timeout.compareTo(Duration.ofMillis(1)) < 0 || timeout.compareTo(TIMEOUT_MAX) > 0) {
      throw new IllegalArgumentException(
          "Expected timeout from PT0.001S to " + TIMEOUT_MAX + ", but got " + timeout);
    }
    tags = tags.isEmpty() ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(tags));
  }

  /** As {@link #TYPE}, without its cost: a spec is made from each record and row of a job. */
  static boolean isType(String name) {
    if (name.isEmpty() || name.length() > 128 || !isLetterOrDigit(name.charAt(0))) {
      return false;
    }
    for (int i = 1; i < name.length(); i++) {
      char next = name.charAt(i);
      if (!isLetterOrDigit(next) && "._:/-".indexOf(next) < 0) {
        return false;
      }
    }
    return true;
  }

  /** As {@link #QUEUE}, without its cost. */
  static boolean isQueue(String name) {
    if (name.isEmpty() || name.length() > 63) {
      return false;
    }
    for (int i = 0; i < name.length(); i++) {
      char next = name.charAt(i);
      if ((next < 'a' || next > 'z') && (next < '0' || next > '9') && next != '-') {
        return false;
      }
    }
    return true;
  }

  private static boolean isLetterOrDigit(char next) {
    return (next >= 'a' && next <= 'z')
        || (next >= 'A' && next <= 'Z')
        || (next >= '0' && next <= '9');
  }

  /** A job of {@code type} with every default of the API. */
  public static JobSpec of(String type, JsonBytes payload) {
    return new JobSpec(
        type,
        payload,
        DEFAULT_QUEUE,
        Priority.NORMAL,
        StartTime.NOW,
        DEFAULT_TIMEOUT,
        null,
        RetryPolicy.DEFAULT,
        Map.of(),
        Retention.DEFAULT,
        null,
        null,
        null,
        null,
        null);
  }

  public JobSpec withPayload(JsonBytes other) {
    return with(copy -> copy.payload = other);
  }

  public JobSpec withQueue(String other) {
    return with(copy -> copy.queue = other);
  }

  public JobSpec withPriority(Priority other) {
    return with(copy -> copy.priority = other);
  }

  public JobSpec withStart(StartTime other) {
    return with(copy -> copy.start = other);
  }

  public JobSpec withDeadline(@Nullable Instant other) {
    return with(copy -> copy.deadline = other);
  }

  public JobSpec withRetry(RetryPolicy other) {
    return with(copy -> copy.retry = other);
  }

  public JobSpec withTags(Map<String, String> other) {
    return with(copy -> copy.tags = other);
  }

  public JobSpec withRetention(Retention other) {
    return with(copy -> copy.retention = other);
  }

  public JobSpec withKey(@Nullable JobKey other) {
    return with(copy -> copy.key = other);
  }

  public JobSpec withIdempotency(@Nullable Idempotency other) {
    return with(copy -> copy.idempotency = other);
  }

  public JobSpec withTick(@Nullable ScheduleTick other) {
    return with(copy -> copy.tick = other);
  }

  public JobSpec withParent(@Nullable JobId other) {
    return with(copy -> copy.parent = other);
  }

  public JobSpec withOwner(@Nullable Owner other) {
    return with(copy -> copy.owner = other);
  }

  private JobSpec with(Consumer<Copy> change) {
    Copy copy = new Copy(this);
    change.accept(copy);
    return copy.toSpec();
  }

  /** A spec that is being changed. One thread. */
  private static final class Copy {
    private String type;
    private JsonBytes payload;
    private String queue;
    private Priority priority;
    private StartTime start;
    private Duration timeout;
    private @Nullable Instant deadline;
    private RetryPolicy retry;
    private Map<String, String> tags;
    private Retention retention;
    private @Nullable JobKey key;
    private @Nullable Idempotency idempotency;
    private @Nullable ScheduleTick tick;
    private @Nullable JobId parent;
    private @Nullable Owner owner;

    private Copy(JobSpec spec) {
      this.type = spec.type;
      this.payload = spec.payload;
      this.queue = spec.queue;
      this.priority = spec.priority;
      this.start = spec.start;
      this.timeout = spec.timeout;
      this.deadline = spec.deadline;
      this.retry = spec.retry;
      this.tags = spec.tags;
      this.retention = spec.retention;
      this.key = spec.key;
      this.idempotency = spec.idempotency;
      this.tick = spec.tick;
      this.parent = spec.parent;
      this.owner = spec.owner;
    }

    private JobSpec toSpec() {
      return new JobSpec(
          type,
          payload,
          queue,
          priority,
          start,
          timeout,
          deadline,
          retry,
          tags,
          retention,
          key,
          idempotency,
          tick,
          parent,
          owner);
    }
  }
}
