package dev.kanal.common.queue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.kanal.common.binary.UnreadableException;
import dev.kanal.common.job.Backoff;
import dev.kanal.common.job.Retention;
import dev.kanal.common.job.RetryPolicy;
import dev.kanal.common.unit.Durations;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A queue's settings as JSON: in the topic of queues, and in answers of the API. The reader leaves
 * unknown fields alone, and takes defaults for those that are missing.
 */
public final class QueueSettingsJson {
  /** The fields that describe a queue without being one of its settings. */
  public static final List<String> NOT_SETTABLE = List.of("name", "revision");

  private static final JsonFactory JSON = new JsonFactory();
  private static final int EXPECTED_BYTES = 320;

  private QueueSettingsJson() {}

  public static byte[] write(String name, QueueSettings settings, long revision) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(EXPECTED_BYTES);
    try (JsonGenerator out = JSON.createGenerator(bytes)) {
      out.writeStartObject();
      writeFields(out, name, settings, revision);
      out.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Writes the fields into an object that is open. */
  public static void writeFields(
      JsonGenerator out, String name, QueueSettings settings, long revision) throws IOException {
    out.writeStringField("name", name);
    out.writeNumberField("partitions", settings.partitions());
    out.writeNumberField("capacity", settings.capacity());
    Integer concurrency = settings.concurrency();
    if (concurrency != null) {
      out.writeNumberField("concurrency", concurrency);
    }
    Rate rate = settings.rate();
    if (rate != null) {
      out.writeObjectFieldStart("rate");
      out.writeNumberField("permits", rate.permits());
      out.writeStringField("per", rate.per().toString());
      out.writeEndObject();
    }
    out.writeNumberField("weight", settings.weight());
    out.writeBooleanField("strict", settings.strict());
    out.writeBooleanField("paused", settings.paused());
    writeDefaults(out, settings.defaults());
    out.writeObjectFieldStart("scaling");
    out.writeNumberField("minWorkers", settings.scaling().minWorkers());
    out.writeNumberField("maxWorkers", settings.scaling().maxWorkers());
    out.writeNumberField("targetSeconds", settings.scaling().targetSeconds());
    out.writeEndObject();
    out.writeNumberField("revision", revision);
  }

  private static void writeDefaults(JsonGenerator out, QueueDefaults defaults) throws IOException {
    out.writeObjectFieldStart("defaults");
    RetryPolicy retry = defaults.retry();
    if (retry != null) {
      Backoff backoff = retry.backoff();
      out.writeObjectFieldStart("retry");
      out.writeNumberField("maxAttempts", retry.maxAttempts());
      out.writeObjectFieldStart("backoff");
      out.writeStringField("initial", backoff.initial().toString());
      out.writeNumberField("multiplier", backoff.multiplier());
      out.writeStringField("max", backoff.max().toString());
      out.writeNumberField("jitter", backoff.jitter());
      out.writeEndObject();
      out.writeEndObject();
    }
    Duration timeout = defaults.timeout();
    if (timeout != null) {
      out.writeStringField("timeout", timeout.toString());
    }
    Retention retention = defaults.retention();
    if (retention != null) {
      out.writeObjectFieldStart("retention");
      out.writeStringField("succeeded", retention.succeeded().toString());
      out.writeStringField("other", retention.other().toString());
      out.writeEndObject();
    }
    out.writeEndObject();
  }

  /**
   * Reads what {@link #write} wrote, now, earlier or later.
   *
   * @throws UnreadableException if it is something else
   */
  public static QueueRecord read(byte[] json) {
    try (JsonParser in = JSON.createParser(json)) {
      in.nextToken();
      Draft draft = new Draft(in);
      draft.readQueue();
      return draft.finish();
    } catch (IOException | IllegalArgumentException e) {
      throw new UnreadableException("Expected a queue's settings, but: " + e.getMessage());
    }
  }

  /** A queue while it is read. */
  private static final class Draft {
    private final JsonParser in;

    private String name = "";
    private int partitions = 1;
    private long capacity = QueueSettings.CAPACITY_MAX;
    private @Nullable Integer concurrency;
    private int permits;
    private Duration per = Duration.ofSeconds(1);
    private int weight = 1;
    private boolean strict;
    private boolean paused;
    private long revision;
    private Scaling scaling = Scaling.DEFAULT;
    private @Nullable RetryPolicy retry;
    private @Nullable Duration timeout;
    private @Nullable Retention retention;

    Draft(JsonParser in) {
      this.in = in;
    }

    QueueRecord finish() {
      if (name.isEmpty()) {
        throw new IllegalArgumentException("it has no name");
      }
      Rate rate = permits == 0 ? null : new Rate(permits, per);
      QueueDefaults defaults = new QueueDefaults(retry, timeout, retention);
      QueueSettings settings =
          new QueueSettings(
              partitions, capacity, concurrency, rate, weight, strict, paused, defaults, scaling);
      return new QueueRecord(name, settings, revision);
    }

    void readQueue() throws IOException {
      object(
          field -> {
            switch (field) {
              case "name" -> name = in.getText();
              case "partitions" -> partitions = in.getIntValue();
              case "capacity" -> capacity = in.getLongValue();
              case "concurrency" -> concurrency = in.getIntValue();
              case "rate" -> readRate();
              case "weight" -> weight = in.getIntValue();
              case "strict" -> strict = in.getBooleanValue();
              case "paused" -> paused = in.getBooleanValue();
              case "defaults" -> readDefaults();
              case "scaling" -> readScaling();
              case "revision" -> revision = in.getLongValue();
              default -> in.skipChildren();
            }
          });
    }

    private void readRate() throws IOException {
      object(
          field -> {
            switch (field) {
              case "permits" -> permits = in.getIntValue();
              case "per" -> per = duration();
              default -> in.skipChildren();
            }
          });
    }

    private void readScaling() throws IOException {
      int[] numbers = {
        Scaling.DEFAULT.minWorkers(), Scaling.DEFAULT.maxWorkers(), Scaling.DEFAULT.targetSeconds()
      };
      object(
          field -> {
            switch (field) {
              case "minWorkers" -> numbers[0] = in.getIntValue();
              case "maxWorkers" -> numbers[1] = in.getIntValue();
              case "targetSeconds" -> numbers[2] = in.getIntValue();
              default -> in.skipChildren();
            }
          });
      scaling = new Scaling(numbers[0], numbers[1], numbers[2]);
    }

    private void readDefaults() throws IOException {
      object(
          field -> {
            switch (field) {
              case "retry" -> readRetry();
              case "timeout" -> timeout = duration();
              case "retention" -> readRetention();
              default -> in.skipChildren();
            }
          });
    }

    private void readRetry() throws IOException {
      int[] maxAttempts = {RetryPolicy.DEFAULT.maxAttempts()};
      Backoff[] backoff = {Backoff.DEFAULT};
      object(
          field -> {
            switch (field) {
              case "maxAttempts" -> maxAttempts[0] = in.getIntValue();
              case "backoff" -> backoff[0] = readBackoff();
              default -> in.skipChildren();
            }
          });
      retry = new RetryPolicy(maxAttempts[0], backoff[0]);
    }

    private Backoff readBackoff() throws IOException {
      Duration[] waits = {Backoff.DEFAULT.initial(), Backoff.DEFAULT.max()};
      double[] numbers = {Backoff.DEFAULT.multiplier(), Backoff.DEFAULT.jitter()};
      object(
          field -> {
            switch (field) {
              case "initial" -> waits[0] = duration();
              case "max" -> waits[1] = duration();
              case "multiplier" -> numbers[0] = in.getDoubleValue();
              case "jitter" -> numbers[1] = in.getDoubleValue();
              default -> in.skipChildren();
            }
          });
      return new Backoff(waits[0], numbers[0], waits[1], numbers[1]);
    }

    private void readRetention() throws IOException {
      Duration[] kept = {Retention.DEFAULT.succeeded(), Retention.DEFAULT.other()};
      object(
          field -> {
            switch (field) {
              case "succeeded" -> kept[0] = duration();
              case "other" -> kept[1] = duration();
              default -> in.skipChildren();
            }
          });
      retention = new Retention(kept[0], kept[1]);
    }

    private Duration duration() throws IOException {
      return Durations.parse(in.getText());
    }

    private void object(Field field) throws IOException {
      if (in.currentToken() != JsonToken.START_OBJECT) {
        throw new IllegalArgumentException("found " + in.currentToken() + " for an object");
      }
      while (in.nextToken() == JsonToken.FIELD_NAME) {
        String fieldName = in.currentName();
        if (in.nextToken() != JsonToken.VALUE_NULL) {
          field.read(fieldName);
        }
      }
    }
  }

  /** Reads the value of one field. */
  private interface Field {
    void read(String name) throws IOException;
  }
}
