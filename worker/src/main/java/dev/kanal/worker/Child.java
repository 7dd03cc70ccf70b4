package dev.kanal.worker;

import dev.kanal.common.job.JobKey;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Priority;
import dev.kanal.common.job.Retention;
import dev.kanal.common.job.RetryPolicy;
import dev.kanal.common.job.StartTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A job that a handler submits: {@link Context#submit}. Options that are not set are taken as for a
 * job submitted over REST: from the settings of its queue, or from the defaults.
 *
 * <pre>{@code
 * JobId part = context.submit("part-1", Child.of("resize", image).queue("images").tag("size", "s"));
 * }</pre>
 *
 * A child has the trace and the values of its parent, ends by the parent's deadline at the latest,
 * and is cancelled with its parent. One that is {@link #detached} has neither the deadline nor the
 * end of its parent. Immutable: each method returns a changed copy.
 */
public final class Child {
  private final String type;
  private final @Nullable Object payload;
  private final Options options;

  private Child(String type, @Nullable Object payload, Options options) {
    this.type = type;
    this.payload = payload;
    this.options = options;
  }

  /** The options; null where one is not set. */
  public record Options(
      @Nullable String queue,
      Priority priority,
      @Nullable JobKey key,
      StartTime start,
      @Nullable Duration timeout,
      @Nullable Instant deadline,
      @Nullable RetryPolicy retry,
      @Nullable Retention retention,
      Map<String, String> tags,
      Map<String, String> values,
      boolean detached) {
    static final Options NONE =
        new Options(
            null,
            Priority.NORMAL,
            null,
            StartTime.NOW,
            null,
            null,
            null,
            null,
            Map.of(),
            Map.of(),
            false);

    /** Maps in the order of their names. */
    public Options {
      tags = Collections.unmodifiableMap(new TreeMap<>(tags));
      values = Collections.unmodifiableMap(new TreeMap<>(values));
    }
  }

  /**
   * A job of a type.
   *
   * @param payload written as JSON, as it is when it is a {@link JsonBytes}
   */
  public static Child of(String type, @Nullable Object payload) {
    return new Child(type, payload, Options.NONE);
  }

  /** The type that was given to {@link #of}. */
  public String type() {
    return type;
  }

  /** The payload that was given to {@link #of}. */
  public @Nullable Object payload() {
    return payload;
  }

  /** All other options. */
  public Options options() {
    return options;
  }

  /** The queue; {@code default} unless set. */
  public Child queue(String name) {
    return with(copy -> copy.queue = name);
  }

  public Child priority(Priority priority) {
    return with(copy -> copy.priority = priority);
  }

  /** Jobs of one queue with the same key run one at a time, in the order of their submits. */
  public Child key(String key) {
    return key(key, 1);
  }

  /**
   * Jobs of one queue with the same key start in the order of their submits.
   *
   * @param limit how many at once
   */
  public Child key(String key, int limit) {
    JobKey both = new JobKey(key, limit);
    return with(copy -> copy.key = both);
  }

  /** Not to be started before. */
  public Child delay(Duration delay) {
    return start(delay.isZero() ? StartTime.NOW : new StartTime.After(delay));
  }

  /** Not to be started before. */
  public Child runAt(Instant time) {
    return start(new StartTime.At(time));
  }

  private Child start(StartTime start) {
    return with(copy -> copy.start = start);
  }

  /** The timeout of each attempt. */
  public Child timeout(Duration timeout) {
    return with(copy -> copy.timeout = timeout);
  }

  /** The child ends {@code EXPIRED} if it has not ended by then. */
  public Child deadline(Instant deadline) {
    return with(copy -> copy.deadline = deadline);
  }

  public Child retry(RetryPolicy retry) {
    return with(copy -> copy.retry = retry);
  }

  public Child retention(Retention retention) {
    return with(copy -> copy.retention = retention);
  }

  public Child tag(String name, String value) {
    return with(copy -> copy.tags = plus(copy.tags, name, value));
  }

  /** A value for the child's context, besides those of its parent's. */
  public Child value(String name, String value) {
    return with(copy -> copy.values = plus(copy.values, name, value));
  }

  /** The child lives on when its parent is cancelled, and has no deadline but its own. */
  public Child detached() {
    return with(copy -> copy.detached = true);
  }

  private Child with(Consumer<Copy> change) {
    Copy copy = new Copy(options);
    change.accept(copy);
    return new Child(type, payload, copy.toOptions());
  }

  private static Map<String, String> plus(Map<String, String> all, String name, String value) {
    Map<String, String> more = new TreeMap<>(all);
    more.put(name, value);
    return more;
  }

  /** Options that are being changed. One thread. */
  private static final class Copy {
    private @Nullable String queue;
    private Priority priority;
    private @Nullable JobKey key;
    private StartTime start;
    private @Nullable Duration timeout;
    private @Nullable Instant deadline;
    private @Nullable RetryPolicy retry;
    private @Nullable Retention retention;
    private Map<String, String> tags;
    private Map<String, String> values;
    private boolean detached;

    private Copy(Options options) {
      this.queue = options.queue;
      this.priority = options.priority;
      this.key = options.key;
      this.start = options.start;
      this.timeout = options.timeout;
      this.deadline = options.deadline;
      this.retry = options.retry;
      this.retention = options.retention;
      this.tags = options.tags;
      this.values = options.values;
      this.detached = options.detached;
    }

    private Options toOptions() {
      return new Options(
          queue, priority, key, start, timeout, deadline, retry, retention, tags, values, detached);
    }
  }
}
