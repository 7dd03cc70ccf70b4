package dev.kanal.scheduler.api.queues;

import com.fasterxml.jackson.core.JsonParser;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.Retention;
import dev.kanal.common.job.RetryPolicy;
import dev.kanal.common.queue.QueueDefaults;
import dev.kanal.common.queue.QueueSettings;
import dev.kanal.common.queue.Rate;
import dev.kanal.common.queue.Scaling;
import dev.kanal.scheduler.api.json.FieldReader;
import dev.kanal.scheduler.api.json.JsonBody;
import dev.kanal.scheduler.api.problem.RefusedException;
import dev.kanal.scheduler.api.spec.RetentionFields;
import dev.kanal.scheduler.api.spec.RetryFields;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A queue's settings while they are read. Belongs to the call that reads them. */
public final class QueueFields {
  public static final String FIELDS =
      "partitions, capacity, concurrency, rate, weight, strict, paused, defaults, scaling";

  private final FieldReader fields;
  private final RetryFields retry;
  private final RetentionFields retention;

  private @Nullable Integer partitions;
  private @Nullable Integer capacity;
  private @Nullable Integer concurrency;
  private boolean rateSeen;
  private @Nullable Integer permits;
  private @Nullable Duration per;
  private @Nullable Integer weight;
  private @Nullable Boolean strict;
  private @Nullable Boolean paused;
  private boolean retrySeen;
  private @Nullable Duration timeout;
  private @Nullable Integer minWorkers;
  private @Nullable Integer maxWorkers;
  private @Nullable Integer targetSeconds;
  private boolean retentionSeen;

  private QueueFields(JsonParser json) {
    this.fields = new FieldReader(json);
    this.retry = new RetryFields(fields, "/defaults/retry");
    this.retention = new RetentionFields(fields, "/defaults/retention");
  }

  /** Reads a document; refuses it with everything that is wrong with it. */
  static QueueFields parse(byte[] json) throws RefusedException {
    QueueFields given = JsonBody.read(json, 0, json.length, QueueFields::read);
    if (!given.fields.errors().isEmpty()) {
      throw given.fields.refusal();
    }
    return given;
  }

  private static QueueFields read(JsonParser json) throws IOException {
    QueueFields given = new QueueFields(json);
    given.fields.object("", FIELDS, given::readField);
    given.check();
    return given;
  }

  /** Partitions of each topic; null if it does not say. */
  @Nullable Integer partitions() {
    return partitions;
  }

  /** Whether it is to be paused; null if it does not say. */
  @Nullable Boolean paused() {
    return paused;
  }

  /** The settings; {@code base} counts for partitions, capacity and pause. */
  QueueSettings settings(QueueSettings base) {
    return new QueueSettings(
        partitions == null ? base.partitions() : partitions,
        capacity == null ? base.capacity() : capacity,
        concurrency,
        permits == null || per == null ? null : new Rate(permits, per),
        weight == null ? 1 : weight,
        strict != null && strict,
        paused == null ? base.paused() : paused,
        new QueueDefaults(
            retrySeen ? retry.policy(RetryPolicy.DEFAULT) : null,
            timeout,
            retentionSeen ? retention.retention(Retention.DEFAULT) : null),
        new Scaling(minWorkers(), maxWorkers(), targetSeconds()));
  }

  private boolean readField(String name) throws IOException {
    switch (name) {
      case "partitions" -> partitions = number("/partitions", QueueSettings.PARTITIONS_MAX);
      case "capacity" -> capacity = number("/capacity", (int) QueueSettings.CAPACITY_MAX);
      case "concurrency" -> concurrency = number("/concurrency", QueueSettings.CONCURRENCY_MAX);
      case "rate" -> {
        rateSeen = true;
        fields.object("/rate", "permits, per", this::readRate);
      }
      case "weight" -> weight = number("/weight", QueueSettings.WEIGHT_MAX);
      case "strict" -> strict = fields.bool("/strict");
      case "paused" -> paused = fields.bool("/paused");
      case "defaults" -> fields.object("/defaults", "retry, timeout, retention", this::readDefault);
      case "scaling" ->
          fields.object("/scaling", "minWorkers, maxWorkers, targetSeconds", this::readScaling);
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean readRate(String name) throws IOException {
    switch (name) {
      case "permits" -> permits = number("/rate/permits", Rate.PERMITS_MAX);
      case "per" -> per = fields.duration("/rate/per", Rate.PER_MIN, Rate.PER_MAX);
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean readScaling(String name) throws IOException {
    switch (name) {
      case "minWorkers" ->
          minWorkers = fields.wholeNumber("/scaling/minWorkers", 0, Scaling.WORKERS_MAX);
      case "maxWorkers" -> maxWorkers = number("/scaling/maxWorkers", Scaling.WORKERS_MAX);
      case "targetSeconds" ->
          targetSeconds = number("/scaling/targetSeconds", Scaling.TARGET_SECONDS_MAX);
      default -> {
        return false;
      }
    }
    return true;
  }

  private int minWorkers() {
    return minWorkers == null ? Scaling.DEFAULT.minWorkers() : minWorkers;
  }

  private int maxWorkers() {
    return maxWorkers == null ? Math.max(minWorkers(), Scaling.DEFAULT.maxWorkers()) : maxWorkers;
  }

  private int targetSeconds() {
    return targetSeconds == null ? Scaling.DEFAULT.targetSeconds() : targetSeconds;
  }

  private boolean readDefault(String name) throws IOException {
    switch (name) {
      case "retry" -> {
        retrySeen = true;
        retry.read();
      }
      case "timeout" ->
          timeout = fields.duration("/defaults/timeout", Duration.ofMillis(1), JobSpec.TIMEOUT_MAX);
      case "retention" -> {
        retentionSeen = true;
        retention.read();
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private void check() {
    if (minWorkers() > maxWorkers()) {
      fields.refuse(
          "/scaling/maxWorkers",
          "Expected at least minWorkers, " + minWorkers() + ", but got " + maxWorkers());
    }
    retry.check(RetryPolicy.DEFAULT);
    if (rateSeen && (permits == null || per == null) && fields.errors().isEmpty()) {
      fields.refuse("/rate", "Expected a rate of permits and per, but one of them is missing");
    }
  }

  private @Nullable Integer number(String pointer, int max) throws IOException {
    return fields.wholeNumber(pointer, 1, max);
  }
}
