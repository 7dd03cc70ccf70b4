package dev.kanal.common.task;

import dev.kanal.common.binary.UnreadableException;
import dev.kanal.common.context.TraceContext;
import dev.kanal.common.job.Backoff;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JsonBytes;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Task} as a Kafka record: the key is the job id, the value is the payload byte for byte,
 * the rest stands in headers as UTF-8 text; numbers in decimal, times as milliseconds since 1970.
 */
public final class TaskRecords {
  public static final String JOB = "kanal-job";
  public static final String TYPE = "kanal-type";
  public static final String ATTEMPT = "kanal-attempt";
  public static final String DISPATCH = "kanal-dispatch";
  public static final String SUSPECT = "kanal-suspect";
  public static final String PERMIT = "kanal-permit";
  public static final String STRICT = "kanal-strict";
  public static final String TIMEOUT = "kanal-timeout";
  public static final String DEADLINE = "kanal-deadline";
  public static final String ENQUEUED = "kanal-enqueued";
  public static final String CHILDREN_SINCE = "kanal-children-since";
  public static final String PREVIOUS = "kanal-previous";
  public static final String NEW_TRACE = "kanal-new-trace";
  public static final String WAITS = "kanal-waits";
  public static final String BACKOFF = "kanal-backoff";
  public static final String CONTENT_TYPE = "content-type";
  public static final String TRACEPARENT = "traceparent";
  public static final String TRACESTATE = "tracestate";
  public static final String BAGGAGE = "baggage";

  private static final byte[] JSON = utf8("application/json");
  private static final byte[] TRUE = utf8("true");
  private static final byte[] ALONE = utf8("alone");

  private TaskRecords() {}

  /** A record whose partition is chosen by the job's id. */
  public static ProducerRecord<byte[], byte[]> encode(String topic, Task task) {
    return encode(topic, null, task);
  }

  public static ProducerRecord<byte[], byte[]> encode(
      String topic, @Nullable Integer partition, Task task) {
    byte[] job = utf8(task.job().toString());
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(topic, partition, job, task.payload().utf8());
    Headers headers = record.headers();
    headers.add(JOB, job);
    headers.add(TYPE, utf8(task.type()));
    headers.add(ATTEMPT, utf8(task.attempt()));
    headers.add(DISPATCH, utf8(task.dispatch()));
    switch (task.suspicion()) {
      case NONE -> {}
      case LOST -> headers.add(SUSPECT, TRUE);
      case ALONE -> headers.add(SUSPECT, ALONE);
    }
    if (task.permit()) {
      headers.add(PERMIT, TRUE);
    }
    if (task.strict()) {
      headers.add(STRICT, TRUE);
    }
    headers.add(TIMEOUT, utf8(task.timeout().toMillis()));
    Instant deadline = task.deadline();
    if (deadline != null) {
      headers.add(DEADLINE, utf8(deadline.toEpochMilli()));
    }
    headers.add(ENQUEUED, utf8(task.enqueuedAt().toEpochMilli()));
    Instant since = task.childrenSince();
    if (since != null) {
      headers.add(CHILDREN_SINCE, utf8(since.toEpochMilli()));
    }
    addText(headers, TRACEPARENT, task.trace().traceparent());
    addText(headers, TRACESTATE, task.trace().tracestate());
    addText(headers, BAGGAGE, task.trace().baggage());
    addPast(headers, task.past());
    if (!task.backoff().equals(Backoff.DEFAULT.after(task.job(), task.attempt()))) {
      headers.add(BACKOFF, utf8(task.backoff().toMillis()));
    }
    headers.add(CONTENT_TYPE, JSON);
    return record;
  }

  /**
   * Reads a record of a queue's topic. Unknown headers are left alone; of a header that stands
   * twice the last counts.
   *
   * @throws UnreadableException if a header that a task needs is missing or not what it should be
   */
  public static Task decode(ConsumerRecord<byte[], byte[]> record) {
    Map<String, byte[]> headers = new HashMap<>();
    for (Header header : record.headers()) {
      headers.put(header.key(), header.value());
    }
    byte[] payload = record.value();
    if (payload == null) {
      throw new UnreadableException("Expected a payload, but the record has no value");
    }
    JobId job = job(headers);
    int attempt = small(headers, ATTEMPT);
    Duration backoff =
        headers.containsKey(BACKOFF)
            ? Duration.ofMillis(Math.max(0, number(headers, BACKOFF)))
            : Backoff.DEFAULT.after(job, attempt);
    Long deadline = headers.containsKey(DEADLINE) ? number(headers, DEADLINE) : null;
    Long since = headers.containsKey(CHILDREN_SINCE) ? number(headers, CHILDREN_SINCE) : null;
    return new Task(
        job,
        text(headers, TYPE),
        attempt,
        small(headers, DISPATCH),
        suspicion(optional(headers, SUSPECT)),
        "true".equals(optional(headers, PERMIT)),
        "true".equals(optional(headers, STRICT)),
        Duration.ofMillis(number(headers, TIMEOUT)),
        deadline == null ? null : Instant.ofEpochMilli(deadline),
        Instant.ofEpochMilli(number(headers, ENQUEUED)),
        new TraceContext(
            optional(headers, TRACEPARENT),
            optional(headers, TRACESTATE),
            optional(headers, BAGGAGE)),
        JsonBytes.wrap(payload),
        since == null ? null : Instant.ofEpochMilli(since),
        past(headers),
        backoff);
  }

  private static void addPast(Headers headers, Past past) {
    addText(headers, PREVIOUS, past.previous());
    if (past.apart()) {
      headers.add(NEW_TRACE, TRUE);
    }
    if (!past.waits().isEmpty()) {
      headers.add(WAITS, utf8(past.waitsText()));
    }
  }

  private static Past past(Map<String, byte[]> headers) {
    String previous = optional(headers, PREVIOUS);
    boolean apart = headers.containsKey(NEW_TRACE);
    String waits = optional(headers, WAITS);
    return previous == null && !apart && waits == null
        ? Past.NONE
        : new Past(previous, apart, Past.readWaits(waits));
  }

  private static JobId job(Map<String, byte[]> headers) {
    try {
      return JobId.parse(text(headers, JOB));
    } catch (UnreadableException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new UnreadableException("Expected a job id in " + JOB + ": " + e.getMessage(), e);
    }
  }

  private static Suspicion suspicion(@Nullable String header) {
    return switch (header) {
      case "alone" -> Suspicion.ALONE;
      case "true" -> Suspicion.LOST;
      case null, default -> Suspicion.NONE;
    };
  }

  private static int small(Map<String, byte[]> headers, String name) {
    long number = number(headers, name);
    if (number < 1 || number > Integer.MAX_VALUE) {
      throw new UnreadableException("Expected 1 or more in " + name + ", but found " + number);
    }
    return (int) number;
  }

  private static long number(Map<String, byte[]> headers, String name) {
    String text = text(headers, name);
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new UnreadableException("Expected a number in " + name + ", but found " + text, e);
    }
  }

  private static String text(Map<String, byte[]> headers, String name) {
    String text = optional(headers, name);
    if (text == null) {
      throw new UnreadableException("Expected the header " + name + ", but it is missing");
    }
    return text;
  }

  private static @Nullable String optional(Map<String, byte[]> headers, String name) {
    byte[] value = headers.get(name);
    return value == null ? null : new String(value, StandardCharsets.UTF_8);
  }

  private static void addText(Headers headers, String name, @Nullable String text) {
    if (text != null) {
      headers.add(name, utf8(text));
    }
  }

  private static byte[] utf8(long number) {
    return utf8(Long.toString(number));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
