package dev.kanal.scheduler.api.spec;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.kanal.common.config.LimitsConfig;
import dev.kanal.common.http.BadPayloadException;
import dev.kanal.common.http.HttpPayload;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Priority;
import dev.kanal.common.job.Retention;
import dev.kanal.common.job.RetryPolicy;
import dev.kanal.common.job.StartTime;
import dev.kanal.common.queue.QueueDefaults;
import dev.kanal.common.template.Template;
import dev.kanal.common.template.TemplateException;
import dev.kanal.scheduler.api.json.FieldReader;
import dev.kanal.scheduler.api.json.JsonBody;
import dev.kanal.scheduler.api.json.Quoted;
import dev.kanal.scheduler.api.json.Times;
import dev.kanal.scheduler.api.problem.Problem;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A job while its fields are read. Belongs to the call that reads it. */
public final class JobFields {
  public static final String FIELDS =
      "type, payload, queue, priority, key, keyLimit, delay, runAt, timeout, deadline, retry, tags,"
          + " retention, idempotencyKey";
  private static final Duration SHORTEST_TIMEOUT = Duration.ofMillis(1);

  private final JsonParser json;
  private final LimitsConfig limits;
  private final FieldReader fields;

  public final KeysFields keys;
  private boolean isObject;
  private boolean typeSeen;
  private String type = "";
  private JsonBytes payload = JsonBytes.NULL;
  private boolean payloadTooLarge;
  private String queue = JobSpec.DEFAULT_QUEUE;
  private Priority priority = Priority.NORMAL;
  private @Nullable Duration delay;
  private boolean delaySeen;
  private @Nullable Instant runAt;
  private @Nullable Duration timeout;
  private @Nullable Instant deadline;
  private final RetryFields retry;
  private final TagsFields tags;
  private final RetentionFields retention;

  JobFields(JsonParser json, LimitsConfig limits) {
    this(json, limits, new FieldReader(json));
  }

  public JobFields(JsonParser json, LimitsConfig limits, FieldReader fields) {
    this.json = json;
    this.limits = limits;
    this.fields = fields;
    this.retry = new RetryFields(fields, "/retry");
    this.tags = new TagsFields(json, limits, fields, "/tags");
    this.retention = new RetentionFields(fields, "/retention");
    this.keys = new KeysFields(fields);
  }

  /** Reads the object at which the parser stands; its bytes begin at {@code from}. */
  public void read(byte[] bytes, int from) throws IOException {
    isObject = json.currentToken() == JsonToken.START_OBJECT;
    fields.object("", FIELDS, name -> readField(name, bytes, from));
  }

  /** Reads one field of an object that is read elsewhere; answers whether it knows the field. */
  public boolean readField(String name, byte[] bytes, int from) throws IOException {
    isObject = true;
    switch (name) {
      case "type" -> readType();
      case "payload" -> readPayload(bytes, from);
      case "queue" -> queue = matching("/queue", JobSpec.QUEUE, queue);
      case "priority" -> readPriority();
      case "delay" -> readDelay();
      case "runAt" -> readRunAt();
      case "timeout" ->
          timeout = fields.duration("/timeout", SHORTEST_TIMEOUT, JobSpec.TIMEOUT_MAX);
      case "deadline" -> deadline = fields.time("/deadline");
      case "retry" -> retry.read();
      case "tags" -> tags.read();
      case "retention" -> retention.read();
      default -> {
        return keys.read(name);
      }
    }
    return true;
  }

  private void readType() throws IOException {
    typeSeen = true;
    type = matching("/type", JobSpec.TYPE, type);
  }

  private void readPayload(byte[] bytes, int from) throws IOException {
    JsonBytes value = JsonBody.value(json, bytes, from);
    payloadTooLarge = value.length() > limits.payload();
    payload = payloadTooLarge ? JsonBytes.NULL : value;
  }

  private void readPriority() throws IOException {
    String text = fields.text("/priority");
    if (text == null) {
      return;
    }
    for (Priority each : Priority.values()) {
      if (each.text().equals(text)) {
        priority = each;
        return;
      }
    }
    fields.refuse("/priority", "Expected high, normal or low, but got " + Quoted.of(text));
  }

  private void readDelay() throws IOException {
    delaySeen = true;
    delay = fields.duration("/delay", Duration.ZERO, StartTime.MAX_DELAY);
    if (runAt != null) {
      fields.refuse("/delay", "Expected delay or runAt, but got both");
    }
  }

  private void readRunAt() throws IOException {
    runAt = fields.time("/runAt");
    if (delaySeen) {
      fields.refuse("/runAt", "Expected delay or runAt, but got both");
    }
  }

  private String matching(String pointer, Pattern pattern, String otherwise) throws IOException {
    String text = fields.matching(pointer, pattern);
    return text == null ? otherwise : text;
  }

  /**
   * The job, or what is wrong with it; size goes before content.
   *
   * @param queues what each queue gives its jobs that do not say
   */
  public JobParser.Parsed finish(Instant now, Function<String, QueueDefaults> queues) {
    return finish(now, queues, payload);
  }

  /**
   * The same for a job of a step, whose payload is a template; what is in the payload is checked if
   * it refers to nothing.
   */
  public JobParser.Parsed finishTemplate(Instant now, Function<String, QueueDefaults> queues) {
    return finish(now, queues, plain());
  }

  private @Nullable JsonBytes plain() {
    try {
      Template template = Template.parse(payload);
      return template.isPlain() ? template.plain() : null;
    } catch (TemplateException e) {
      fields.refuse("/payload" + e.pointer(), e.detail());
      return null;
    }
  }

  private JobParser.Parsed finish(
      Instant now, Function<String, QueueDefaults> queues, @Nullable JsonBytes known) {
    QueueDefaults defaults = queues.apply(queue);
    RetryPolicy baseRetry = orElse(defaults.retry(), RetryPolicy.DEFAULT);
    if (isObject && !typeSeen) {
      fields.refuse("/type", "Expected a type, but it is missing");
    }
    retry.check(baseRetry);
    keys.check();
    checkTimes(now);
    if (type.equals(HttpPayload.TYPE) && !payloadTooLarge && known != null) {
      checkHttpPayload(known);
    }
    if (payloadTooLarge) {
      return new JobParser.Parsed.Refused(Problem.payloadTooLarge(limits.payload()));
    }
    if (!fields.errors().isEmpty()) {
      return new JobParser.Parsed.Refused(Problem.invalid(fields.errors()));
    }
    return new JobParser.Parsed.Job(
        new JobSpec(
            type,
            payload,
            queue,
            priority,
            start(),
            orElse(timeout, orElse(defaults.timeout(), JobSpec.DEFAULT_TIMEOUT)),
            deadline,
            retry.policy(baseRetry),
            tags.tags(),
            retention.retention(orElse(defaults.retention(), Retention.DEFAULT)),
            keys.key(),
            null,
            null,
            null,
            null));
  }

  /** Of the handlers that every worker has, this is the one whose callers write by hand. */
  private void checkHttpPayload(JsonBytes known) {
    try {
      var _ = HttpPayload.read(known);
    } catch (BadPayloadException e) {
      fields.refuse("/payload" + e.pointer(), e.detail());
    }
  }

  private void checkTimes(Instant now) {
    Instant latest = now.plus(StartTime.MAX_DELAY);
    if (runAt != null && runAt.isAfter(latest)) {
      fields.refuse(
          "/runAt", "Expected a time up to " + Times.format(latest) + ", but got " + runAt);
    }
    if (deadline == null) {
      return;
    }
    Instant start = runAt != null && runAt.isAfter(now) ? runAt : now;
    start = delay != null ? now.plus(delay) : start;
    if (!deadline.isAfter(now)) {
      fields.refuse("/deadline", "Expected a time in the future, but got " + deadline);
    } else if (!deadline.isAfter(start)) {
      fields.refuse(
          "/deadline",
          "Expected a time after the job's start at "
              + Times.format(start)
              + ", but got "
              + deadline);
    }
  }

  private StartTime start() {
    if (runAt != null) {
      return new StartTime.At(runAt);
    }
    return delay == null || delay.isZero() ? StartTime.NOW : new StartTime.After(delay);
  }

  private static <T> T orElse(@Nullable T value, T otherwise) {
    return value == null ? otherwise : value;
  }
}
