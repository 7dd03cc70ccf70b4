package dev.kanal.scheduler.engine.query;

import static dev.kanal.scheduler.engine.row.Tables.JOBS;

import dev.kanal.common.job.JobId;
import dev.kanal.common.job.LogLine;
import dev.kanal.common.log.LogEntry.Logged;
import dev.kanal.scheduler.engine.joblog.JobLogRow;
import dev.kanal.scheduler.engine.joblog.JobLogRow.Part;
import dev.kanal.scheduler.engine.table.KeyCodec.JobPart;
import dev.kanal.scheduler.engine.table.Rows;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a job's handlers have logged, as far as it is kept: the newest {@link Logged#LINES_MAX}
 * lines, and of these the newest {@link Logged#BYTES_MAX} bytes.
 *
 * @param lines oldest first
 * @param omitted lines that are not kept
 */
public record JobLog(List<Line> lines, long omitted) {
  public JobLog {
    lines = List.copyOf(lines);
  }

  /**
   * A line.
   *
   * @param number from 1 for the job's first line that was kept; grows by 1
   */
  public record Line(long number, Instant at, int attempt, String text) {}

  /** Only what comes after the line of this number. */
  public JobLog after(long number) {
    return new JobLog(lines.stream().filter(line -> line.number() > number).toList(), omitted);
  }

  /** The log of a job; null if there is no such job. */
  public static @Nullable JobLog read(Rows rows, JobId job) {
    if (!rows.has(JOBS, job)) {
      return null;
    }
    JobLogRow row = rows.get(JobLogRow.LOGS, job);
    if (row == null) {
      return new JobLog(List.of(), 0);
    }
    List<Line> lines = new ArrayList<>();
    long number = row.firstLine();
    for (int i = 0; i < row.sizes().size(); i++) {
      List<Part> chunk = rows.get(JobLogRow.CHUNKS, new JobPart(job, row.first() + i));
      for (Part part : chunk == null ? List.<Part>of() : chunk) {
        for (LogLine line : part.lines()) {
          lines.add(new Line(number++, line.at(), part.attempt(), line.text()));
        }
      }
    }
    return newest(lines, row.dropped());
  }

  private static JobLog newest(List<Line> lines, long dropped) {
    int from = lines.size();
    int bytes = 0;
    while (from > 0 && lines.size() - from < Logged.LINES_MAX) {
      Line next = lines.get(from - 1);
      bytes += new LogLine(next.at(), next.text()).bytes();
      if (bytes > Logged.BYTES_MAX) {
        break;
      }
      from--;
    }
    return new JobLog(lines.subList(from, lines.size()), dropped + from);
  }
}
