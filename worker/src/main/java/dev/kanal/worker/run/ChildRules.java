package dev.kanal.worker.run;

import dev.kanal.common.context.Baggage;
import dev.kanal.common.context.TraceContext;
import dev.kanal.common.job.ChildName;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Retention;
import dev.kanal.common.job.RetryPolicy;
import dev.kanal.common.log.Shards;
import dev.kanal.common.queue.QueueDefaults;
import dev.kanal.common.queue.QueueSettings;
import dev.kanal.common.task.Task;
import dev.kanal.worker.Child;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Turns a {@link Child} into the job that is submitted, by the rules that hold for a job submitted
 * over REST.
 *
 * @param shards how many there are
 * @param queues a queue's settings, as far as they are known
 * @param topic to which children are sent
 * @param payloadMax in bytes of JSON
 */
public record ChildRules(
    IntSupplier shards,
    Function<String, @Nullable QueueSettings> queues,
    String topic,
    int payloadMax,
    int tagsMax) {

  /** A job about to be submitted. */
  record Made(JobId id, JobSpec spec, TraceContext trace) {}

  /**
   * The job.
   *
   * @throws IllegalArgumentException if it breaks a rule
   */
  Made make(Task parent, ChildName name, Child child) {
    Child.Options options = child.options();
    String queue = options.queue() == null ? JobSpec.DEFAULT_QUEUE : options.queue();
    QueueSettings settings = queues.apply(queue);
    QueueDefaults defaults = settings == null ? QueueDefaults.NONE : settings.defaults();
    JobSpec spec =
        new JobSpec(
            child.type(),
            payload(child),
            queue,
            options.priority(),
            options.start(),
            orElse(options.timeout(), orElse(defaults.timeout(), JobSpec.DEFAULT_TIMEOUT)),
            deadline(parent, options),
            orElse(options.retry(), orElse(defaults.retry(), RetryPolicy.DEFAULT)),
            tags(options.tags()),
            orElse(options.retention(), orElse(defaults.retention(), Retention.DEFAULT)),
            options.key(),
            null,
            null,
            parent.job(),
            null);
    TraceContext trace = parent.trace();
    String baggage = Baggage.with(trace.baggage(), options.values());
    Instant since = orElse(parent.childrenSince(), parent.enqueuedAt());
    JobId id =
        new Shards(shards.getAsInt())
            .ofChild(parent.job(), name, since, new Shards.Home(spec, settings));
    return new Made(id, spec, new TraceContext(trace.traceparent(), trace.tracestate(), baggage));
  }

  private JsonBytes payload(Child child) {
    try {
      return Json.DEFAULT.write(child.payload(), payloadMax);
    } catch (BoundedOutput.TooLargeException e) {
      throw new IllegalArgumentException(
          "Expected a payload of at most " + payloadMax + " bytes (limits.payload), but got more",
          e);
    } catch (IOException e) {
      throw new IllegalArgumentException("Expected a payload that is JSON, but: " + e, e);
    }
  }

  private static @Nullable Instant deadline(Task parent, Child.Options options) {
    Instant own = options.deadline();
    Instant parents = parent.deadline();
    if (options.detached() || parents == null) {
      return own;
    }
    return own == null || own.isAfter(parents) ? parents : own;
  }

  private Map<String, String> tags(Map<String, String> tags) {
    if (tags.size() > tagsMax) {
      throw new IllegalArgumentException(
          "Expected at most " + tagsMax + " tags, but got " + tags.size());
    }
    tags.forEach(
        (name, value) -> {
          check("a tag's name", name, 1, JobSpec.TAG_NAME_MAX);
          check("the value of tag " + name, value, 0, JobSpec.TAG_VALUE_MAX);
        });
    return tags;
  }

  private static void check(String what, String text, int min, int max) {
    int length = text.codePointCount(0, text.length());
    if (length < min || length > max || text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          "Expected %s of %d to %d characters without U+0000, but got %d"
              .formatted(what, min, max, length));
    }
  }

  private static <T> T orElse(@Nullable T value, T otherwise) {
    return value == null ? otherwise : value;
  }
}
