package dev.kanal.common.worker;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.kanal.common.binary.UnreadableException;
import dev.kanal.common.job.JobId;
import dev.kanal.common.log.WorkerRef;
import dev.kanal.common.worker.WorkerReport.QueueUse;
import dev.kanal.common.worker.WorkerReport.Rates;
import dev.kanal.common.worker.WorkerReport.Running;
import dev.kanal.common.worker.WorkerReport.RunningTask;
import dev.kanal.common.worker.WorkerReport.Slots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A worker's report as JSON: in the topic of workers, and in answers of the API. The reader leaves
 * unknown fields alone, and leaves those that are missing empty.
 */
public final class WorkerReportJson {
  private static final JsonFactory JSON = new JsonFactory();
  private static final int EXPECTED_BYTES = 1_024;

  private WorkerReportJson() {}

  public static byte[] write(WorkerReport report) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(EXPECTED_BYTES);
    try (JsonGenerator out = JSON.createGenerator(bytes)) {
      write(out, report, report.at());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /**
   * Writes an object.
   *
   * @param now the time to which tasks' ages are measured
   */
  public static void write(JsonGenerator out, WorkerReport report, Instant now) throws IOException {
    out.writeStartObject();
    out.writeStringField("id", report.worker().toString());
    out.writeStringField("worker", report.worker().name());
    out.writeStringField("incarnation", Long.toHexString(report.worker().incarnation()));
    out.writeStringField("host", report.host());
    out.writeStringField("version", report.version());
    out.writeStringField("startedAt", report.startedAt().toString());
    out.writeStringField("at", report.at().toString());
    writeTexts(out, "queues", report.queues());
    writeTexts(out, "types", report.types());
    out.writeObjectFieldStart("slots");
    out.writeNumberField("total", report.slots().total());
    out.writeNumberField("size", report.slots().size());
    out.writeNumberField("busy", report.slots().busy());
    out.writeObjectFieldStart("queues");
    for (Map.Entry<String, QueueUse> use : report.slots().queues().entrySet()) {
      writeUse(out, use.getKey(), use.getValue());
    }
    out.writeEndObject();
    out.writeEndObject();
    writeRunning(out, report.running(), now);
    out.writeObjectFieldStart("rates");
    out.writeNumberField("startedPerSecond", report.rates().started());
    out.writeNumberField("finishedPerSecond", report.rates().finished());
    out.writeEndObject();
    out.writeBooleanField("draining", report.draining());
    out.writeBooleanField("ownTopics", report.ownTopics());
    out.writeEndObject();
  }

  private static void writeUse(JsonGenerator out, String queue, QueueUse use) throws IOException {
    out.writeObjectFieldStart(queue);
    out.writeNumberField("busy", use.busy());
    out.writeNumberField("size", use.size());
    out.writeNumberField("lag", use.lag());
    out.writeNumberField("finished", use.finished());
    out.writeNumberField("ranSeconds", use.ranSeconds());
    out.writeEndObject();
  }

  private static void writeRunning(JsonGenerator out, Running running, Instant now)
      throws IOException {
    out.writeObjectFieldStart("running");
    out.writeNumberField("count", running.count());
    out.writeArrayFieldStart("oldest");
    for (RunningTask task : running.oldest()) {
      out.writeStartObject();
      out.writeStringField("job", task.job().toString());
      out.writeStringField("type", task.type());
      out.writeNumberField("attempt", task.attempt());
      out.writeStringField("queue", task.queue());
      out.writeStringField("startedAt", task.startedAt().toString());
      long age = Math.max(0, Duration.between(task.startedAt(), now).toMillis());
      out.writeNumberField("ageSeconds", age / 1000.0);
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeEndObject();
  }

  private static void writeTexts(JsonGenerator out, String name, List<String> texts)
      throws IOException {
    out.writeArrayFieldStart(name);
    for (String text : texts) {
      out.writeString(text);
    }
    out.writeEndArray();
  }

  /**
   * Reads what {@link #write} wrote, now, earlier or later.
   *
   * @throws UnreadableException if it is something else
   */
  public static WorkerReport read(byte[] json) {
    try (JsonParser in = JSON.createParser(json)) {
      in.nextToken();
      Draft draft = new Draft(in);
      draft.object(draft::readReport);
      return draft.finish();
    } catch (IOException | IllegalArgumentException | DateTimeException e) {
      throw new UnreadableException("Expected a worker's report, but: " + e.getMessage());
    }
  }

  /** A report while it is read. */
  private static final class Draft {
    private final JsonParser in;
    private final Map<String, QueueUse> uses = new HashMap<>();
    private final List<RunningTask> tasks = new ArrayList<>();
    private final List<String> queues = new ArrayList<>();
    private final List<String> types = new ArrayList<>();

    private String name = "";
    private long incarnation;
    private String host = "";
    private String version = "";
    private Instant startedAt = Instant.EPOCH;
    private Instant at = Instant.EPOCH;
    private int total;
    private int size;
    private int busy;
    private int running;
    private double started;
    private double finished;
    private boolean draining;
    private boolean ownTopics;

    Draft(JsonParser in) {
      this.in = in;
    }

    WorkerReport finish() {
      return new WorkerReport(
          new WorkerRef(name, incarnation),
          host,
          version,
          startedAt,
          at,
          queues,
          types,
          new Slots(total, size, busy, uses),
          new Running(running, tasks),
          new Rates(started, finished),
          draining,
          ownTopics);
    }

    void readReport(String field) throws IOException {
      switch (field) {
        case "worker" -> name = in.getText();
        case "incarnation" -> incarnation = Long.parseUnsignedLong(in.getText(), 16);
        case "host" -> host = in.getText();
        case "version" -> version = in.getText();
        case "startedAt" -> startedAt = Instant.parse(in.getText());
        case "at" -> at = Instant.parse(in.getText());
        case "queues" -> array(() -> queues.add(in.getText()));
        case "types" -> array(() -> types.add(in.getText()));
        case "slots" -> object(this::readSlots);
        case "running" -> object(this::readRunning);
        case "rates" -> object(this::readRates);
        case "draining" -> draining = in.getBooleanValue();
        case "ownTopics" -> ownTopics = in.getBooleanValue();
        default -> in.skipChildren();
      }
    }

    private void readSlots(String field) throws IOException {
      switch (field) {
        case "total" -> total = in.getIntValue();
        case "size" -> size = in.getIntValue();
        case "busy" -> busy = in.getIntValue();
        case "queues" -> object(this::readUse);
        default -> in.skipChildren();
      }
    }

    private void readUse(String queue) throws IOException {
      long[] counts = new long[4];
      double[] ran = new double[1];
      object(
          field -> {
            switch (field) {
              case "busy" -> counts[0] = in.getIntValue();
              case "size" -> counts[1] = in.getIntValue();
              case "lag" -> counts[2] = in.getLongValue();
              case "finished" -> counts[3] = in.getLongValue();
              case "ranSeconds" -> ran[0] = in.getDoubleValue();
              default -> in.skipChildren();
            }
          });
      uses.put(queue, new QueueUse((int) counts[0], (int) counts[1], counts[2], counts[3], ran[0]));
    }

    private void readRunning(String field) throws IOException {
      switch (field) {
        case "count" -> running = in.getIntValue();
        case "oldest" -> array(this::readTask);
        default -> in.skipChildren();
      }
    }

    private void readTask() throws IOException {
      Map<String, String> fields = new HashMap<>();
      object(
          field -> {
            if (in.currentToken().isScalarValue()) {
              fields.put(field, in.getText());
            } else {
              in.skipChildren();
            }
          });
      tasks.add(
          new RunningTask(
              JobId.parse(fields.getOrDefault("job", "")),
              fields.getOrDefault("type", ""),
              Integer.parseInt(fields.getOrDefault("attempt", "1")),
              fields.getOrDefault("queue", ""),
              Instant.parse(fields.getOrDefault("startedAt", ""))));
    }

    private void readRates(String field) throws IOException {
      switch (field) {
        case "startedPerSecond" -> started = in.getDoubleValue();
        case "finishedPerSecond" -> finished = in.getDoubleValue();
        default -> in.skipChildren();
      }
    }

    private void array(Value each) throws IOException {
      expect(JsonToken.START_ARRAY);
      while (in.nextToken() != JsonToken.END_ARRAY) {
        each.read();
      }
    }

    private void object(Field each) throws IOException {
      expect(JsonToken.START_OBJECT);
      while (in.nextToken() == JsonToken.FIELD_NAME) {
        String fieldName = in.currentName();
        if (in.nextToken() != JsonToken.VALUE_NULL) {
          each.read(fieldName);
        }
      }
    }

    private void expect(JsonToken token) {
      if (in.currentToken() != token) {
        throw new IllegalArgumentException("found " + in.currentToken() + " for " + token);
      }
    }
  }

  /** Reads the value of one field. */
  private interface Field {
    void read(String name) throws IOException;
  }

  /** Reads one value. */
  private interface Value {
    void read() throws IOException;
  }
}
