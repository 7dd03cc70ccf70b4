package dev.kanal.scheduler.engine.read;

import static dev.kanal.scheduler.engine.row.Tables.ATTEMPTS;
import static dev.kanal.scheduler.engine.row.Tables.JOBS;
import static dev.kanal.scheduler.engine.row.Tables.PAYLOADS;
import static dev.kanal.scheduler.engine.row.Tables.REPORTS;
import static dev.kanal.scheduler.engine.row.Tables.RESULTS;

import dev.kanal.common.job.Attempt;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.scheduler.engine.query.JobView;
import dev.kanal.scheduler.engine.query.WaitsFor;
import dev.kanal.scheduler.engine.row.JobRow;
import dev.kanal.scheduler.engine.row.JobStatus;
import dev.kanal.scheduler.engine.table.KeyCodec.JobPart;
import dev.kanal.scheduler.engine.table.Rows;
import dev.kanal.scheduler.engine.waiting.Waiting;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts a job's rows together. */
public final class JobViews {
  private JobViews() {}

  public static @Nullable JobView read(Rows rows, JobId id) {
    JobRow row = rows.get(JOBS, id);
    if (row == null) {
      return null;
    }
    boolean apart = row.body().payloadApart();
    JsonBytes payload = apart ? rows.get(PAYLOADS, id) : row.spec().payload();
    if (payload == null) {
      return null;
    }
    Shown shown = new Shown(payload, result(rows, row), attempts(rows, row));
    return view(rows, row, shown, Waiting.of(rows, row));
  }

  /** What lists show less of. */
  private record Shown(JsonBytes payload, @Nullable JsonBytes result, List<Attempt> attempts) {}

  private static @Nullable JsonBytes result(Rows rows, JobRow row) {
    JsonBytes result = row.body().result();
    return result != null || row.state() != JobState.SUCCEEDED
        ? result
        : rows.get(RESULTS, row.id());
  }

  /** The same without payload, result, stacks, and who else waits or holds a permit. */
  public static JobView brief(Rows rows, JobRow row) {
    List<Attempt> attempts = attempts(rows, row).stream().map(Attempt::withoutStack).toList();
    return view(rows, row, new Shown(JsonBytes.NULL, null, attempts), Waiting.brief(rows, row));
  }

  private static JobView view(Rows rows, JobRow row, Shown shown, @Nullable WaitsFor waitsFor) {
    JobStatus status = row.status();
    JobState state = row.state();
    boolean sent = status.sent().dispatch() > 0;
    boolean waits = !state.isFinal() && status.dueMs() > row.createdMs();
    return new JobView(
        row.id(),
        row.spec().withPayload(shown.payload),
        row.trace(),
        state,
        status.reason(),
        shown.result,
        Instant.ofEpochMilli(row.createdMs()),
        waits ? Instant.ofEpochMilli(status.dueMs()) : null,
        state.isFinal() ? Instant.ofEpochMilli(status.sinceMs()) : null,
        status.tries().attempt(),
        shown.attempts,
        status.tries().ended() - shown.attempts.size(),
        row.maxAttempts(),
        status.lingers() && status.lease().worker() != null,
        sent ? rows.get(REPORTS, row.id()) : null,
        status.commandOffset(),
        status.version(),
        waitsFor);
  }

  private static List<Attempt> attempts(Rows rows, JobRow row) {
    int ended = row.status().tries().ended();
    Attempt last = row.body().last();
    int apart = last == null ? ended : ended - 1;
    List<Attempt> attempts = new ArrayList<>();
    for (int i = Math.max(0, ended - Attempt.KEPT); i < apart; i++) {
      Attempt attempt = rows.get(ATTEMPTS, new JobPart(row.id(), i));
      if (attempt != null) {
        attempts.add(attempt);
      }
    }
    if (last != null) {
      attempts.add(last);
    }
    return attempts;
  }
}
