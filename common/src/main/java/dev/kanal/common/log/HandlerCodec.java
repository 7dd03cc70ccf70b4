package dev.kanal.common.log;

import dev.kanal.common.binary.BinaryReader;
import dev.kanal.common.binary.BinaryWriter;
import dev.kanal.common.binary.UnreadableException;
import dev.kanal.common.job.LogLine;
import dev.kanal.common.job.Reason;
import dev.kanal.common.log.LogEntry.HandlerEntry;
import dev.kanal.common.log.LogEntry.Logged;
import dev.kanal.common.log.LogEntry.RefuseChild;
import dev.kanal.common.log.LogEntry.SubmitChild;
import java.util.ArrayList;
import java.util.List;

/** The bytes of what concerns handlers, behind version and kind; of their lines in rows, too. */
public final class HandlerCodec {
  static final int LOGGED = 22;
  static final int SUBMIT_CHILD = 23;
  static final int REFUSE_CHILD = 24;

  private HandlerCodec() {}

  static int kind(HandlerEntry entry) {
    return switch (entry) {
      case Logged _ -> LOGGED;
      case SubmitChild _ -> SUBMIT_CHILD;
      case RefuseChild _ -> REFUSE_CHILD;
    };
  }

  static void write(BinaryWriter out, HandlerEntry entry) {
    switch (entry) {
      case Logged(var run, var before, var omitted, var lines) -> {
        LogCodec.writeRun(out, run).putLong(before).putInt(omitted);
        writeLines(out, lines);
      }
      case SubmitChild(var run, var name, var child, var spec, var trace, var detached) -> {
        LogCodec.writeJob(LogCodec.writeRun(out, run).putString(name), child);
        SpecCodec.write(out, spec);
        SpecCodec.writeTrace(out, trace);
        out.putBoolean(detached);
      }
      case RefuseChild(var job, var spec, var trace, var why) -> {
        LogCodec.writeJob(out, job);
        SpecCodec.write(out, spec);
        SpecCodec.writeTrace(out, trace);
        out.putByte(why.code());
      }
    }
  }

  static LogEntry read(BinaryReader in, int kind, int version) {
    return switch (kind) {
      case LOGGED -> new Logged(LogCodec.readRun(in), in.getLong(), in.getInt(), readLines(in));
      case SUBMIT_CHILD ->
          new SubmitChild(
              LogCodec.readRun(in),
              in.getString(),
              LogCodec.readJob(in),
              SpecCodec.read(in, version),
              SpecCodec.readTrace(in),
              in.getBoolean());
      case REFUSE_CHILD ->
          new RefuseChild(
              LogCodec.readJob(in),
              SpecCodec.read(in, version),
              SpecCodec.readTrace(in),
              readReason(in));
      default -> throw new UnreadableException("Expected a known kind, but found " + kind);
    };
  }

  public static void writeLines(BinaryWriter out, List<LogLine> lines) {
    out.putInt(lines.size());
    lines.forEach(line -> out.putInstant(line.at()).putString(line.text()));
  }

  public static List<LogLine> readLines(BinaryReader in) {
    int count = in.getInt();
    if (count < 0 || count > Logged.LINES_MAX) {
      throw new UnreadableException(
          "Expected 0 to " + Logged.LINES_MAX + " lines, but found " + count);
    }
    List<LogLine> lines = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      lines.add(new LogLine(in.getInstant(), in.getString()));
    }
    return lines;
  }

  private static Reason readReason(BinaryReader in) {
    Reason why = LogCodec.readReason(in);
    if (why == null) {
      throw new UnreadableException("Expected a reason, but found none");
    }
    return why;
  }
}
