package dev.kanal.scheduler.api.jobs;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JobState;
import dev.kanal.common.worker.WorkerReport;
import dev.kanal.scheduler.api.counts.Announcers;
import dev.kanal.scheduler.api.json.Times;
import dev.kanal.scheduler.engine.query.JobView;
import dev.kanal.scheduler.engine.query.WaitCause;
import dev.kanal.scheduler.engine.query.WaitsFor;
import dev.kanal.scheduler.engine.query.WaitsFor.Holder;
import dev.kanal.scheduler.engine.query.WaitsFor.Holders;
import dev.kanal.scheduler.engine.query.WaitsFor.Line;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes why a job waits: what its shard says, and which live workers could take it. */
final class WaitsForWriter {
  private WaitsForWriter() {}

  /**
   * Writes the field into an object that is open.
   *
   * @param live null as long as it is not known which workers there are
   */
  static void write(JobView job, @Nullable List<WorkerReport> live, JsonGenerator out)
      throws IOException {
    WaitsFor waits = job.waitsFor();
    if (waits == null) {
      return;
    }
    JobSpec spec = job.spec();
    Announcers workers = live == null ? null : Announcers.of(live, spec.queue(), spec.type());
    WaitCause cause = cause(waits.cause(), workers);
    out.writeObjectFieldStart("waitsFor");
    writeStart(job.state(), waits, cause, out);
    out.writeStringField("detail", detail(cause, waits.holders(), workers));
    writeLine(waits.line(), out);
    writeHolders(waits.holders(), out);
    if (workers != null) {
      out.writeObjectFieldStart("workers");
      out.writeNumberField("ofQueue", workers.ofQueue());
      out.writeNumberField("ofType", workers.ofType());
      out.writeArrayFieldStart("some");
      for (String worker : workers.some()) {
        out.writeString(worker);
      }
      out.writeEndArray();
      out.writeEndObject();
    }
    out.writeEndObject();
  }

  /** As lists show it: no more than what the rows of the job and of its queue say. */
  static void writeBrief(JobView job, JsonGenerator out) throws IOException {
    WaitsFor waits = job.waitsFor();
    if (waits != null) {
      out.writeObjectFieldStart("waitsFor");
      writeStart(job.state(), waits, waits.cause(), out);
      out.writeEndObject();
    }
  }

  private static void writeStart(JobState state, WaitsFor waits, WaitCause cause, JsonGenerator out)
      throws IOException {
    out.writeStringField("state", state.name());
    out.writeStringField("cause", cause.text());
    out.writeStringField("since", Times.format(waits.since()));
    Instant until = waits.until();
    if (until != null) {
      out.writeStringField("until", Times.format(until));
    }
  }

  /** A task that was sent waits for a type if there are workers, and none of them has that. */
  private static WaitCause cause(WaitCause known, @Nullable Announcers workers) {
    boolean lacking = workers != null && workers.ofQueue() > 0 && workers.ofType() == 0;
    return known == WaitCause.WORKER && lacking ? WaitCause.TYPE : known;
  }

  private static String detail(
      WaitCause cause, @Nullable Holders holders, @Nullable Announcers workers) {
    long limit = holders == null ? 0 : holders.limit();
    return switch (cause) {
      case TIME -> "Its time has not come";
      case RETRY -> "Its next attempt is due later";
      case KEY -> "Of the jobs with its key, " + limit + " may be under way at once";
      case RUN -> "The handler of its attempt before has not ended, though it was told to";
      case CONCURRENCY -> "Of its queue's jobs, " + limit + " may be out at once";
      case RATE -> "Its queue's rate lets the next one go later";
      case PAUSED -> "Its queue is paused";
      case TOPIC -> "The topic of its queue and priority is not there yet";
      case TURN -> "Its queue lets those go that it held, one after another";
      case TYPE -> "No live worker that takes its queue has a handler for its type";
      case WORKER ->
          workers != null && workers.ofQueue() == 0
              ? "No live worker takes its queue"
              : "No worker has taken its task yet";
    };
  }

  private static void writeLine(@Nullable Line line, JsonGenerator out) throws IOException {
    if (line != null) {
      out.writeNumberField(line.beyond() ? "placeMoreThan" : "place", line.place());
    }
  }

  private static void writeHolders(@Nullable Holders holders, JsonGenerator out)
      throws IOException {
    if (holders == null) {
      return;
    }
    out.writeNumberField("held", holders.held());
    out.writeNumberField("limit", holders.limit());
    out.writeArrayFieldStart("holders");
    for (Holder each : holders.some()) {
      out.writeStartObject();
      out.writeStringField("id", each.job().toString());
      out.writeStringField("state", each.state().name());
      if (each.worker() != null) {
        out.writeStringField("worker", each.worker());
      }
      out.writeStringField("href", "/v1/jobs/" + each.job());
      out.writeEndObject();
    }
    out.writeEndArray();
  }
}
