package dev.kanal.scheduler.engine.joblog;

import dev.kanal.common.job.JobId;
import dev.kanal.common.job.LogLine;
import dev.kanal.common.log.LogEntry.Logged;
import dev.kanal.common.log.Run;
import dev.kanal.scheduler.engine.joblog.JobLogRow.Part;
import dev.kanal.scheduler.engine.row.JobRow;
import dev.kanal.scheduler.engine.step.Step;
import dev.kanal.scheduler.engine.table.KeyCodec.JobPart;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what handlers log. Lines of a run are taken as long as its outcome would be; a worker
 * counts the lines of a run, so that what comes twice is taken once and what got lost is known.
 */
public final class LogDecisions {
  private LogDecisions() {}

  public static void logged(Step step, Logged logged) {
    Run run = logged.run();
    JobRow row = step.job(run.job());
    if (row == null || !row.status().sent().isOpen(run)) {
      return;
    }
    JobLogRow known = step.get(JobLogRow.LOGS, run.job());
    JobLogRow log = known == null ? JobLogRow.EMPTY : known;
    long expected = log.isOf(run) ? log.heard() : firstOf(log, logged);
    if (logged.before() < expected) {
      return;
    }
    long lost = logged.before() - expected + logged.omitted();
    long upTo = logged.before() + logged.omitted() + logged.lines().size();
    add(step, row, log.heard(run, upTo, lost), logged.lines());
  }

  /** A run that another one interrupted may have been heard of before: it starts where it is. */
  private static long firstOf(JobLogRow log, Logged logged) {
    return log.dispatch() == logged.run().dispatch() ? logged.before() : 0;
  }

  private static void add(Step step, JobRow row, JobLogRow before, List<LogLine> lines) {
    JobId job = row.id();
    int attempt = row.status().tries().attempt();
    JobLogRow log = before;
    int number = log.open();
    List<Part> known = step.get(JobLogRow.CHUNKS, new JobPart(job, number));
    List<Part> chunk = known == null ? List.of() : known;
    List<LogLine> fresh = new ArrayList<>();
    for (LogLine line : lines) {
      if (log.open() != number) {
        write(step, job, number, chunk, new Part(attempt, fresh));
        number = log.open();
        chunk = List.of();
        fresh = new ArrayList<>();
      }
      fresh.add(line);
      log = log.plus(line);
    }
    write(step, job, number, chunk, new Part(attempt, fresh));
    while (log.canDropFirst()) {
      step.delete(JobLogRow.CHUNKS, new JobPart(job, log.first()));
      log = log.withoutFirst();
    }
    step.put(JobLogRow.LOGS, job, log);
  }

  private static void write(Step step, JobId job, int number, List<Part> chunk, Part more) {
    if (!more.lines().isEmpty()) {
      List<Part> all = new ArrayList<>(chunk);
      all.add(more);
      step.put(JobLogRow.CHUNKS, new JobPart(job, number), all);
    }
  }

  /** A job that goes takes its log with it: some rows, since each chunk but the last is full. */
  public static void jobChanged(Step step, @Nullable JobRow before, @Nullable JobRow after) {
    if (before != null && after == null && before.status().sent().dispatch() > 0) {
      forget(step, before.id());
    }
  }

  private static void forget(Step step, JobId job) {
    JobLogRow log = step.get(JobLogRow.LOGS, job);
    if (log != null) {
      for (int i = 0; i < log.sizes().size(); i++) {
        step.delete(JobLogRow.CHUNKS, new JobPart(job, log.first() + i));
      }
      step.delete(JobLogRow.LOGS, job);
    }
  }
}
