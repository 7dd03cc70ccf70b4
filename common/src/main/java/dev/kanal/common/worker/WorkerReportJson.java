package dev.kanal.common.worker;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.kanal.common.binary.UnreadableException;
import dev.kanal.common.job.JobId;
import dev.kanal.common.json.JsonDocuments;
import dev.kanal.common.log.WorkerRef;
import dev.kanal.common.worker.WorkerReport.Rates;
import dev.kanal.common.worker.WorkerReport.Running;
import dev.kanal.common.worker.WorkerReport.RunningTask;
import dev.kanal.common.worker.WorkerReport.Slots;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A worker's report as JSON: in the topic of workers, and in answers of the API. The reader leaves
 * unknown fields alone, and leaves those that are missing empty.
 */
public final class WorkerReportJson {
  private WorkerReportJson() {}

  public static byte[] write(WorkerReport report) {
    return JsonDocuments.write(Document.of(report, report.at()));
  }

  /**
   * Writes an object.
   *
   * @param now the time to which tasks' ages are measured
   */
  public static void write(JsonGenerator out, WorkerReport report, Instant now) throws IOException {
    JsonDocuments.write(out, Document.of(report, now));
  }

  /**
   * Reads what {@link #write} wrote, now, earlier or later.
   *
   * @throws UnreadableException if it is something else
   */
  public static WorkerReport read(byte[] json) {
    return JsonDocuments.read(json, Document.class, "a worker's report", Document::report);
  }

  /** The fields in their order. */
  private record Document(
      @Nullable String id,
      @Nullable String worker,
      @Nullable String incarnation,
      @Nullable String host,
      @Nullable String version,
      @Nullable Instant startedAt,
      @Nullable Instant at,
      List<String> queues,
      List<String> types,
      @Nullable Slots slots,
      @Nullable Tasks running,
      @Nullable PerSecond rates,
      boolean draining,
      boolean ownTopics) {
    static Document of(WorkerReport report, Instant now) {
      WorkerRef worker = report.worker();
      return new Document(
          worker.toString(),
          worker.name(),
          Long.toHexString(worker.incarnation()),
          report.host(),
          report.version(),
          report.startedAt(),
          report.at(),
          report.queues(),
          report.types(),
          report.slots(),
          Tasks.of(report.running(), now),
          new PerSecond(report.rates().started(), report.rates().finished()),
          report.draining(),
          report.ownTopics());
    }

    WorkerReport report() {
      long number = Long.parseUnsignedLong(requireNonNullElse(incarnation, "0"), 16);
      return new WorkerReport(
          new WorkerRef(requireNonNullElse(worker, ""), number),
          requireNonNullElse(host, ""),
          requireNonNullElse(version, ""),
          requireNonNullElse(startedAt, Instant.EPOCH),
          requireNonNullElse(at, Instant.EPOCH),
          queues,
          types,
          slots == null ? new Slots(0, 0, 0, Map.of()) : slots,
          running == null ? new Running(0, List.of()) : running.running(),
          rates == null ? new Rates(0, 0) : rates.rates(),
          draining,
          ownTopics);
    }
  }

  private record Tasks(int count, List<Task> oldest) {
    static Tasks of(Running running, Instant now) {
      return new Tasks(
          running.count(), running.oldest().stream().map(task -> Task.of(task, now)).toList());
    }

    Running running() {
      return new Running(count, oldest.stream().map(Task::task).toList());
    }
  }

  private record Task(
      @Nullable String job,
      @Nullable String type,
      @Nullable Integer attempt,
      @Nullable String queue,
      @Nullable Instant startedAt,
      double ageSeconds) {
    static Task of(RunningTask task, Instant now) {
      long ageMs = Math.max(0, Duration.between(task.startedAt(), now).toMillis());
      return new Task(
          task.job().toString(),
          task.type(),
          task.attempt(),
          task.queue(),
          task.startedAt(),
          ageMs / 1000.0);
    }

    RunningTask task() {
      if (job == null || startedAt == null) {
        throw new IllegalArgumentException("a task has no job, or no start");
      }
      return new RunningTask(
          JobId.parse(job),
          requireNonNullElse(type, ""),
          requireNonNullElse(attempt, 1),
          requireNonNullElse(queue, ""),
          startedAt);
    }
  }

  private record PerSecond(double startedPerSecond, double finishedPerSecond) {
    Rates rates() {
      return new Rates(startedPerSecond, finishedPerSecond);
    }
  }
}
