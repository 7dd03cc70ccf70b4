package dev.kanal.scheduler.engine.joblog;

import dev.kanal.common.binary.BinaryReader;
import dev.kanal.common.binary.BinaryWriter;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.LogLine;
import dev.kanal.common.log.HandlerCodec;
import dev.kanal.common.log.LogEntry.Logged;
import dev.kanal.common.log.Run;
import dev.kanal.common.log.WorkerRef;
import dev.kanal.scheduler.engine.table.Codec;
import dev.kanal.scheduler.engine.table.KeyCodec;
import dev.kanal.scheduler.engine.table.KeyCodec.JobPart;
import dev.kanal.scheduler.engine.table.Letter;
import dev.kanal.scheduler.engine.table.Table;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a job's log: the lines themselves stand in chunks, rows of their own.
 *
 * @param dispatch of the run that logged last
 * @param worker of that run
 * @param heard lines of that run that are behind us, left out or not
 * @param dropped lines of the job that were left out by workers or are not kept any more
 * @param first number of the first chunk that is kept
 * @param firstLine number of its first line; lines are numbered from 1
 * @param sizes of the chunks
 */
public record JobLogRow(
    int dispatch,
    @Nullable WorkerRef worker,
    long heard,
    long dropped,
    int first,
    long firstLine,
    List<Size> sizes) {
  /** The most lines, and the most bytes, of a chunk. */
  static final int CHUNK_LINES = 125;

  static final int CHUNK_BYTES = Logged.BYTES_MAX / 8;

  public static final Table<JobId, JobLogRow> LOGS =
      new Table<>(
          Letter.LOG, KeyCodec.JOB, Codec.of(1, _ -> 128, JobLogRow::write, JobLogRow::read));

  public static final Table<JobPart, List<Part>> CHUNKS =
      new Table<>(
          Letter.LOG_CHUNK,
          KeyCodec.JOB_PART,
          Codec.of(1, _ -> 128, JobLogRow::writeChunk, JobLogRow::readChunk));

  static final JobLogRow EMPTY = new JobLogRow(0, null, 0, 0, 0, 1, List.of());

  public JobLogRow {
    sizes = List.copyOf(sizes);
  }

  /** How much a chunk has. */
  record Size(int lines, int bytes) {
    boolean isFull() {
      return lines >= CHUNK_LINES || bytes >= CHUNK_BYTES;
    }

    Size plus(LogLine line) {
      return new Size(lines + 1, bytes + line.bytes());
    }
  }

  /** One attempt's lines in a row. */
  public record Part(int attempt, List<LogLine> lines) {
    public Part {
      lines = List.copyOf(lines);
    }
  }

  boolean isOf(Run run) {
    return dispatch == run.dispatch() && run.worker().equals(worker);
  }

  int lines() {
    return sizes.stream().mapToInt(Size::lines).sum();
  }

  int bytes() {
    return sizes.stream().mapToInt(Size::bytes).sum();
  }

  /** Where the next line goes. */
  int open() {
    boolean opens = sizes.isEmpty() || sizes.getLast().isFull();
    return first + sizes.size() - (opens ? 0 : 1);
  }

  /** The same after a run's lines were heard. */
  JobLogRow heard(Run run, long upTo, long lost) {
    return new JobLogRow(
        run.dispatch(), run.worker(), upTo, dropped + lost, first, firstLine, sizes);
  }

  /** With a line more in chunk {@link #open}. */
  JobLogRow plus(LogLine line) {
    List<Size> next = new ArrayList<>(sizes);
    if (open() == first + sizes.size()) {
      next.add(new Size(0, 0));
    }
    next.set(next.size() - 1, next.getLast().plus(line));
    return new JobLogRow(dispatch, worker, heard, dropped, first, firstLine, next);
  }

  /** Whether what is kept is within its bounds without the first chunk. */
  boolean canDropFirst() {
    if (sizes.size() < 2) {
      return false;
    }
    Size oldest = sizes.getFirst();
    return lines() - oldest.lines() >= Logged.LINES_MAX
        || bytes() - oldest.bytes() >= Logged.BYTES_MAX;
  }

  JobLogRow withoutFirst() {
    int gone = sizes.getFirst().lines();
    return new JobLogRow(
        dispatch,
        worker,
        heard,
        dropped + gone,
        first + 1,
        firstLine + gone,
        sizes.subList(1, sizes.size()));
  }

  private static void write(BinaryWriter out, JobLogRow row) {
    WorkerRef worker = row.worker;
    out.putInt(row.dispatch).putNullableString(worker == null ? null : worker.name());
    out.putFixedLong(worker == null ? 0 : worker.incarnation());
    out.putLong(row.heard).putLong(row.dropped);
    out.putInt(row.first).putLong(row.firstLine).putInt(row.sizes.size());
    row.sizes.forEach(size -> out.putInt(size.lines()).putInt(size.bytes()));
  }

  private static JobLogRow read(BinaryReader in, int version) {
    int dispatch = in.getInt();
    String name = in.getNullableString();
    long incarnation = in.getFixedLong();
    WorkerRef worker = name == null ? null : new WorkerRef(name, incarnation);
    long heard = in.getLong();
    long dropped = in.getLong();
    int first = in.getInt();
    long firstLine = in.getLong();
    List<Size> sizes = new ArrayList<>();
    for (int i = in.getInt(); i > 0; i--) {
      sizes.add(new Size(in.getInt(), in.getInt()));
    }
    return new JobLogRow(dispatch, worker, heard, dropped, first, firstLine, sizes);
  }

  private static void writeChunk(BinaryWriter out, List<Part> chunk) {
    out.putInt(chunk.size());
    for (Part part : chunk) {
      HandlerCodec.writeLines(out.putInt(part.attempt()), part.lines());
    }
  }

  private static List<Part> readChunk(BinaryReader in, int version) {
    List<Part> parts = new ArrayList<>();
    for (int i = in.getInt(); i > 0; i--) {
      parts.add(new Part(in.getInt(), HandlerCodec.readLines(in)));
    }
    return parts;
  }
}
