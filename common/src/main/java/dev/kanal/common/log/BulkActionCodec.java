package dev.kanal.common.log;

import dev.kanal.common.binary.BinaryReader;
import dev.kanal.common.binary.BinaryWriter;
import dev.kanal.common.binary.UnreadableException;
import dev.kanal.common.bulkaction.BulkAction;
import dev.kanal.common.bulkaction.BulkActionOrder;
import dev.kanal.common.bulkaction.JobFilter;
import dev.kanal.common.job.JobId;
import dev.kanal.common.log.LogEntry.BulkActionEntry;
import dev.kanal.common.log.LogEntry.BulkActionPart;
import dev.kanal.common.log.LogEntry.StartBulkAction;
import dev.kanal.common.log.LogEntry.StopBulkAction;
import dev.kanal.common.log.LogEntry.StopBulkActionPart;
import java.util.ArrayList;
import java.util.List;

/** The bytes of the log's entries about bulk actions, and of an order within a row. */
public final class BulkActionCodec {
  static final int START = 40;
  static final int STOP = 41;
  static final int PART = 42;
  static final int STOP_PART = 43;

  private static final BulkAction[] ACTIONS = BulkAction.values();

  private BulkActionCodec() {}

  static int kind(BulkActionEntry entry) {
    return switch (entry) {
      case StartBulkAction _ -> START;
      case StopBulkAction _ -> STOP;
      case BulkActionPart _ -> PART;
      case StopBulkActionPart _ -> STOP_PART;
    };
  }

  static void write(BinaryWriter out, BulkActionEntry entry) {
    writeJob(out, entry.id());
    switch (entry) {
      case StartBulkAction(_, var order) -> write(out, order);
      case BulkActionPart(_, var order, var asOf) -> write(out.putInstant(asOf), order);
      case StopBulkAction _, StopBulkActionPart _ -> {}
    }
  }

  static BulkActionEntry read(BinaryReader in, int kind) {
    JobId id = readJob(in);
    return switch (kind) {
      case START -> new StartBulkAction(id, readOrder(in));
      case STOP -> new StopBulkAction(id);
      case PART -> {
        var asOf = in.getInstant();
        yield new BulkActionPart(id, readOrder(in), asOf);
      }
      case STOP_PART -> new StopBulkActionPart(id);
      default -> throw new UnreadableException("Expected a known kind, but found " + kind);
    };
  }

  /** Goes last: what follows an order is its filter's failure. */
  public static void write(BinaryWriter out, BulkActionOrder order) {
    out.putByte(order.action().code()).putBoolean(order.dryRun());
    if (order.queue() != null) {
      out.putString(order.queue());
    }
    JobFilter filter = order.filter();
    out.putBoolean(filter != null);
    if (filter != null) {
      JobFilterCodec.write(out, filter);
    }
    out.putInt(order.jobs().size());
    order.jobs().forEach(job -> writeJob(out, job));
    if (filter != null && filter.failure() != null) {
      out.putString(filter.failure());
    }
  }

  public static BulkActionOrder readOrder(BinaryReader in) {
    BulkAction action = in.getEnum(ACTIONS);
    boolean dryRun = in.getBoolean();
    String queue = action == BulkAction.MOVE ? in.getString() : null;
    JobFilter filter = in.getBoolean() ? JobFilterCodec.read(in) : null;
    int count = in.getInt();
    if (count < 0 || count > BulkActionOrder.JOBS_MAX) {
      throw new UnreadableException(
          "Expected 0 to " + BulkActionOrder.JOBS_MAX + " jobs, but found " + count);
    }
    List<JobId> jobs = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      jobs.add(readJob(in));
    }
    if (filter != null && !in.atEnd()) {
      filter = filter.withFailure(readFailure(in));
    }
    return new BulkActionOrder(action, filter, jobs, dryRun, queue);
  }

  private static String readFailure(BinaryReader in) {
    String failure = in.getString();
    if (failure.length() != JobFilter.FAILURE_LENGTH) {
      throw new UnreadableException("Expected a failure, but found " + failure.length() + " bytes");
    }
    return failure;
  }

  private static void writeJob(BinaryWriter out, JobId job) {
    out.putFixedLong(job.hi()).putFixedLong(job.lo());
  }

  private static JobId readJob(BinaryReader in) {
    return new JobId(in.getFixedLong(), in.getFixedLong());
  }
}
