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
import org.jspecify.annotations.Nullable;

/**
 * A job that a handler submits: {@link Context#submit}. What is not said is as for a job that is
 * submitted over REST: by the settings of its queue, or by the defaults.
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
  final String type;
  final @Nullable Object payload;
  final Options options;

  private Child(String type, @Nullable Object payload, Options options) {
    this.type = type;
    this.payload = payload;
    this.options = options;
  }

  /** What was said; null where nothing was. */
  record Options(
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

    Options {
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

  /** The queue; {@code default} unless set. */
  public Child queue(String name) {
    Options o = options;
    return with(
        new Options(
            name,
            o.priority,
            o.key,
            o.start,
            o.timeout,
            o.deadline,
            o.retry,
            o.retention,
            o.tags,
            o.values,
            o.detached));
  }

  public Child priority(Priority priority) {
    Options o = options;
    return with(
        new Options(
            o.queue,
            priority,
            o.key,
            o.start,
            o.timeout,
            o.deadline,
            o.retry,
            o.retention,
            o.tags,
            o.values,
            o.detached));
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
    Options o = options;
    JobKey both = new JobKey(key, limit);
    return with(
        new Options(
            o.queue,
            o.priority,
            both,
            o.start,
            o.timeout,
            o.deadline,
            o.retry,
            o.retention,
            o.tags,
            o.values,
            o.detached));
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
    Options o = options;
    return with(
        new Options(
            o.queue,
            o.priority,
            o.key,
            start,
            o.timeout,
            o.deadline,
            o.retry,
            o.retention,
            o.tags,
            o.values,
            o.detached));
  }

  /** Of each attempt. */
  public Child timeout(Duration timeout) {
    Options o = options;
    return with(
        new Options(
            o.queue,
            o.priority,
            o.key,
            o.start,
            timeout,
            o.deadline,
            o.retry,
            o.retention,
            o.tags,
            o.values,
            o.detached));
  }

  /** The child ends {@code EXPIRED} if it has not ended by then. */
  public Child deadline(Instant deadline) {
    Options o = options;
    return with(
        new Options(
            o.queue,
            o.priority,
            o.key,
            o.start,
            o.timeout,
            deadline,
            o.retry,
            o.retention,
            o.tags,
            o.values,
            o.detached));
  }

  public Child retry(RetryPolicy retry) {
    Options o = options;
    return with(
        new Options(
            o.queue,
            o.priority,
            o.key,
            o.start,
            o.timeout,
            o.deadline,
            retry,
            o.retention,
            o.tags,
            o.values,
            o.detached));
  }

  public Child retention(Retention retention) {
    Options o = options;
    return with(
        new Options(
            o.queue,
            o.priority,
            o.key,
            o.start,
            o.timeout,
            o.deadline,
            o.retry,
            retention,
            o.tags,
            o.values,
            o.detached));
  }

  public Child tag(String name, String value) {
    Options o = options;
    return with(
        new Options(
            o.queue,
            o.priority,
            o.key,
            o.start,
            o.timeout,
            o.deadline,
            o.retry,
            o.retention,
            plus(o.tags, name, value),
            o.values,
            o.detached));
  }

  /** A value for the child's context, besides those of its parent's. */
  public Child value(String name, String value) {
    Options o = options;
    return with(
        new Options(
            o.queue,
            o.priority,
            o.key,
            o.start,
            o.timeout,
            o.deadline,
            o.retry,
            o.retention,
            o.tags,
            plus(o.values, name, value),
            o.detached));
  }

  /** It lives on when its parent is cancelled, and has no deadline but its own. */
  public Child detached() {
    Options o = options;
    return with(
        new Options(
            o.queue,
            o.priority,
            o.key,
            o.start,
            o.timeout,
            o.deadline,
            o.retry,
            o.retention,
            o.tags,
            o.values,
            true));
  }

  private Child with(Options other) {
    return new Child(type, payload, other);
  }

  private static Map<String, String> plus(Map<String, String> all, String name, String value) {
    Map<String, String> more = new TreeMap<>(all);
    more.put(name, value);
    return more;
  }
}
