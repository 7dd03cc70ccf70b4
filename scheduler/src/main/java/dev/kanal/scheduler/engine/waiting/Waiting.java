package dev.kanal.scheduler.engine.waiting;

import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobKey;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.Priority;
import dev.kanal.common.log.WorkerRef;
import dev.kanal.common.queue.QueueSettings;
import dev.kanal.scheduler.engine.query.WaitCause;
import dev.kanal.scheduler.engine.query.WaitsFor;
import dev.kanal.scheduler.engine.query.WaitsFor.Holder;
import dev.kanal.scheduler.engine.query.WaitsFor.Holders;
import dev.kanal.scheduler.engine.query.WaitsFor.Line;
import dev.kanal.scheduler.engine.row.Counts;
import dev.kanal.scheduler.engine.row.Gate;
import dev.kanal.scheduler.engine.row.JobRow;
import dev.kanal.scheduler.engine.row.KeyRow;
import dev.kanal.scheduler.engine.row.Keys;
import dev.kanal.scheduler.engine.row.Lane;
import dev.kanal.scheduler.engine.row.Progress;
import dev.kanal.scheduler.engine.row.RowCodec;
import dev.kanal.scheduler.engine.row.Rows;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/** Says of a shard's rows why a job waits. Reads while the shard works on: by nobody's thread. */
public final class Waiting {
  private final Rows rows;
  private final JobRow row;

  private Waiting(Rows rows, JobRow row) {
    this.rows = rows;
    this.row = row;
  }

  /** Why the job waits; null if it does not. */
  public static @Nullable WaitsFor of(Rows rows, JobRow row) {
    WaitCause cause = cause(rows, row);
    return cause == null ? null : new Waiting(rows, row).whole(cause);
  }

  /** The same without place and holders, which cost a look at others. */
  public static @Nullable WaitsFor brief(Rows rows, JobRow row) {
    WaitCause cause = cause(rows, row);
    return cause == null ? null : new Waiting(rows, row).brief(cause);
  }

  private static @Nullable WaitCause cause(Rows rows, JobRow row) {
    return switch (row.state()) {
      case SCHEDULED -> WaitCause.TIME;
      case RETRYING -> WaitCause.RETRY;
      case QUEUED -> WaitCause.WORKER;
      case BLOCKED -> blockedBy(rows, row);
      case RUNNING, SUCCEEDED, DEAD, CANCELLED, EXPIRED -> null;
    };
  }

  static WaitCause blockedBy(Rows rows, JobRow row) {
    Gate gate = Objects.requireNonNull(row.progress().gate(), "gate");
    return switch (gate) {
      case KEY -> WaitCause.KEY;
      case RUN -> WaitCause.RUN;
      case TYPE -> WaitCause.TYPE;
      case QUEUE -> ofQueue(rows, row.lane());
    };
  }

  /** What holds the jobs of a lane that their queue blocks. */
  static WaitCause ofQueue(Rows rows, Lane lane) {
    if (rows.get(Keys.ready(lane)) == null) {
      return WaitCause.TOPIC;
    }
    QueueSettings settings = settings(rows, lane.queue());
    if (settings == null) {
      return WaitCause.TURN;
    }
    Integer concurrency = settings.concurrency();
    if (settings.paused()) {
      return WaitCause.PAUSED;
    } else if (concurrency != null && counts(rows, lane.queue()).out() >= concurrency) {
      return WaitCause.CONCURRENCY;
    } else if (settings.rate() != null) {
      return WaitCause.RATE;
    }
    return concurrency == null ? WaitCause.TURN : WaitCause.CONCURRENCY;
  }

  /** Since when a job that waits does. Rows of release 0.1.0 do not tell it: at the earliest. */
  static long sinceMs(JobRow row) {
    Progress progress = row.progress();
    if (row.state() == JobState.QUEUED) {
      return progress.sent().atMs();
    }
    if (progress.sinceMs() > 0) {
      return progress.sinceMs();
    }
    long before = Math.max(row.createdMs(), progress.sent().atMs());
    return progress.gate() == Gate.QUEUE ? Math.max(before, progress.dueMs()) : before;
  }

  private WaitsFor brief(WaitCause cause) {
    boolean timed = cause == WaitCause.TIME || cause == WaitCause.RETRY;
    Instant until = timed ? Instant.ofEpochMilli(row.progress().dueMs()) : null;
    return new WaitsFor(cause, Instant.ofEpochMilli(sinceMs(row)), until, null, null);
  }

  private WaitsFor whole(WaitCause cause) {
    WaitsFor brief = brief(cause);
    Line line =
        switch (cause) {
          case KEY -> line(placeInKey());
          case CONCURRENCY, RATE, PAUSED, TOPIC, TURN -> line(placeInQueue());
          case TIME, RETRY, RUN, TYPE, WORKER -> null;
        };
    Holders holders =
        switch (cause) {
          case KEY -> ofKey();
          case CONCURRENCY -> ofQueue();
          case RUN -> new Holders(1, 1, List.of(holder(row)));
          case TIME, RETRY, RATE, PAUSED, TOPIC, TURN, TYPE, WORKER -> null;
        };
    Instant until =
        cause == WaitCause.RATE && line != null && line.place() == 1 ? nextToken() : brief.until();
    return new WaitsFor(cause, brief.since(), until, line, holders);
  }

  private static Line line(long before) {
    boolean beyond = before >= Line.EXACT_MAX;
    return new Line(beyond ? Line.EXACT_MAX : before + 1, beyond);
  }

  private long placeInKey() {
    KeyRow key = key();
    Bytes mine = Keys.inLine(row.spec().queue(), keyName(), row.progress().offset(), row.id());
    long front = key == null ? 0 : key.front();
    Bytes from = Keys.lineFrom(row.spec().queue(), keyName(), front);
    return Rows.count(rows, from, mine, Line.EXACT_MAX);
  }

  /** Whoever has a higher priority goes first. */
  private long placeInQueue() {
    Lane mine = row.lane();
    long before = 0;
    for (Priority priority : Priority.values()) {
      Lane lane = new Lane(mine.queue(), priority);
      Bytes to =
          lane.equals(mine)
              ? Keys.blocked(mine, row.progress().offset(), row.id())
              : Keys.blockedFrom(lane, Long.MAX_VALUE);
      before += Rows.count(rows, Keys.blockedFrom(lane, 0), to, Line.EXACT_MAX - before);
      if (lane.equals(mine) || before >= Line.EXACT_MAX) {
        break;
      }
    }
    return before;
  }

  private @Nullable Holders ofKey() {
    KeyRow key = key();
    return key == null
        ? null
        : new Holders(
            key.held(), key.limit(), key.holders().stream().flatMap(this::known).toList());
  }

  private Stream<Holder> known(JobId job) {
    byte[] bytes = rows.get(Keys.job(job));
    return bytes == null ? Stream.empty() : Stream.of(holder(RowCodec.decodeJob(bytes)));
  }

  /** Those that run are named first, then those on their way, then those that do not end. */
  private @Nullable Holders ofQueue() {
    String queue = row.spec().queue();
    QueueSettings settings = settings(rows, queue);
    Integer limit = settings == null ? null : settings.concurrency();
    if (limit == null) {
      return null;
    }
    List<Holder> some = new ArrayList<>();
    Bytes running = Keys.filed(JobState.RUNNING, queue);
    add(some, running, Keys.withJob(running, null));
    for (Priority priority : Priority.values()) {
      Lane lane = new Lane(queue, priority);
      add(some, Keys.queuedFrom(lane, 0), Keys.queuedFrom(lane, Long.MAX_VALUE));
    }
    Bytes lingering = Keys.lingeringFrom(queue);
    add(some, lingering, Keys.after(lingering));
    return new Holders(counts(rows, queue).out(), limit, some);
  }

  private void add(List<Holder> some, Bytes from, Bytes to) {
    if (some.size() >= Holders.MAX) {
      return;
    }
    rows.scan(
        from,
        to,
        (key, _) -> {
          known(Keys.indexedJob(key)).forEach(some::add);
          return some.size() < Holders.MAX;
        });
  }

  private @Nullable Instant nextToken() {
    String queue = row.spec().queue();
    QueueSettings settings = settings(rows, queue);
    byte[] bytes = rows.get(Keys.tokens(queue));
    if (settings == null || settings.rate() == null || bytes == null) {
      return null;
    }
    return Instant.ofEpochMilli(RowCodec.decodeTokens(bytes).nextMs(settings.rate()));
  }

  private static Holder holder(JobRow job) {
    Progress.Hold hold = job.progress().hold();
    WorkerRef worker = hold.isParked() ? null : hold.worker();
    return new Holder(job.id(), job.state(), worker == null ? null : worker.toString());
  }

  private @Nullable KeyRow key() {
    byte[] bytes = rows.get(Keys.key(row.spec().queue(), keyName()));
    return bytes == null ? null : RowCodec.decodeKey(bytes);
  }

  private String keyName() {
    JobKey key = row.spec().key();
    return key == null ? "" : key.value();
  }

  private static Counts counts(Rows rows, String queue) {
    return RowCodec.decodeCounts(rows.get(Keys.counts(queue)));
  }

  private static @Nullable QueueSettings settings(Rows rows, String queue) {
    byte[] bytes = rows.get(Keys.settings(queue));
    return bytes == null ? null : RowCodec.decodeQueue(bytes).settings();
  }
}
