package dev.kanal.scheduler.engine.waiting;

import static dev.kanal.scheduler.engine.row.Tables.BLOCKED;
import static dev.kanal.scheduler.engine.row.Tables.FILED;
import static dev.kanal.scheduler.engine.row.Tables.JOBS;
import static dev.kanal.scheduler.engine.row.Tables.KEYS;
import static dev.kanal.scheduler.engine.row.Tables.LINES;
import static dev.kanal.scheduler.engine.row.Tables.LINGERING;
import static dev.kanal.scheduler.engine.row.Tables.QUEUED;
import static dev.kanal.scheduler.engine.row.Tables.READY;
import static dev.kanal.scheduler.engine.row.Tables.SETTINGS;
import static dev.kanal.scheduler.engine.row.Tables.TOKENS;

import dev.kanal.common.channel.Channel;
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
import dev.kanal.scheduler.engine.row.JobStatus;
import dev.kanal.scheduler.engine.row.KeyRow;
import dev.kanal.scheduler.engine.row.QueueRow;
import dev.kanal.scheduler.engine.row.Tables.QueueState;
import dev.kanal.scheduler.engine.row.TokenBucket;
import dev.kanal.scheduler.engine.table.Index.Place;
import dev.kanal.scheduler.engine.table.KeyCodec.Pair;
import dev.kanal.scheduler.engine.table.Range;
import dev.kanal.scheduler.engine.table.Rows;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
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
    Gate gate = Objects.requireNonNull(row.status().gate(), "gate");
    return switch (gate) {
      case KEY -> WaitCause.KEY;
      case RUN -> WaitCause.RUN;
      case TYPE -> WaitCause.TYPE;
      case QUEUE -> ofQueue(rows, row.channel());
    };
  }

  /** What holds the jobs of a channel that their queue blocks. */
  static WaitCause ofQueue(Rows rows, Channel channel) {
    if (!rows.has(READY, channel)) {
      return WaitCause.TOPIC;
    }
    QueueSettings settings = settings(rows, channel.queue());
    if (settings == null) {
      return WaitCause.TURN;
    }
    Integer concurrency = settings.concurrency();
    if (settings.paused()) {
      return WaitCause.PAUSED;
    } else if (concurrency != null && Counts.of(rows, channel.queue()).out() >= concurrency) {
      return WaitCause.CONCURRENCY;
    } else if (settings.rate() != null) {
      return WaitCause.RATE;
    }
    return concurrency == null ? WaitCause.TURN : WaitCause.CONCURRENCY;
  }

  /** Since when a job that waits does. Rows of release 0.1.0 do not have it: at the earliest. */
  static long sinceMs(JobRow row) {
    JobStatus status = row.status();
    if (row.state() == JobState.QUEUED) {
      return status.sent().atMs();
    }
    if (status.sinceMs() > 0) {
      return status.sinceMs();
    }
    long before = Math.max(row.createdMs(), status.sent().atMs());
    return status.gate() == Gate.QUEUE ? Math.max(before, status.dueMs()) : before;
  }

  private WaitsFor brief(WaitCause cause) {
    boolean timed = cause == WaitCause.TIME || cause == WaitCause.RETRY;
    Instant until = timed ? Instant.ofEpochMilli(row.status().dueMs()) : null;
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
    long front = key == null ? 0 : key.front();
    return rows.count(LINES.before(keyName(), front, place()), Line.EXACT_MAX);
  }

  /** Jobs of a higher priority go first. */
  private long placeInQueue() {
    Channel mine = row.channel();
    long before = 0;
    for (Priority priority : Priority.values()) {
      Channel channel = new Channel(mine.queue(), priority);
      Range<?> ahead =
          channel.equals(mine) ? BLOCKED.before(channel, 0, place()) : BLOCKED.all(channel);
      before += rows.count(ahead, Line.EXACT_MAX - before);
      if (channel.equals(mine) || before >= Line.EXACT_MAX) {
        break;
      }
    }
    return before;
  }

  private Place place() {
    return new Place(row.status().offset(), row.id());
  }

  private @Nullable Holders ofKey() {
    KeyRow key = key();
    return key == null
        ? null
        : new Holders(
            key.held(), key.limit(), key.holders().stream().flatMap(this::known).toList());
  }

  private Stream<Holder> known(JobId job) {
    return Stream.ofNullable(rows.get(JOBS, job)).map(Waiting::holder);
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
    add(some, FILED.all(new QueueState(queue, JobState.RUNNING)));
    for (Priority priority : Priority.values()) {
      add(some, QUEUED.all(new Channel(queue, priority)));
    }
    add(some, LINGERING.all(queue));
    return new Holders(Counts.of(rows, queue).out(), limit, some);
  }

  private void add(List<Holder> some, Range<JobId> jobs) {
    if (some.size() >= Holders.MAX) {
      return;
    }
    rows.scan(
        jobs,
        job -> {
          known(job).forEach(some::add);
          return some.size() < Holders.MAX;
        });
  }

  private @Nullable Instant nextToken() {
    String queue = row.spec().queue();
    QueueSettings settings = settings(rows, queue);
    TokenBucket bucket = rows.get(TOKENS, queue);
    if (settings == null || settings.rate() == null || bucket == null) {
      return null;
    }
    return Instant.ofEpochMilli(bucket.nextMs(settings.rate()));
  }

  private static Holder holder(JobRow job) {
    JobStatus.LeaseState lease = job.status().lease();
    WorkerRef worker = lease.isParked() ? null : lease.worker();
    return new Holder(job.id(), job.state(), worker == null ? null : worker.toString());
  }

  private @Nullable KeyRow key() {
    return rows.get(KEYS, keyName());
  }

  private Pair keyName() {
    JobKey key = row.spec().key();
    return new Pair(row.spec().queue(), key == null ? "" : key.value());
  }

  private static @Nullable QueueSettings settings(Rows rows, String queue) {
    QueueRow known = rows.get(SETTINGS, queue);
    return known == null ? null : known.settings();
  }
}
