package dev.kanal.worker.lane;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.channel.Channel;
import dev.kanal.common.channel.Delivery;
import dev.kanal.common.channel.Delivery.Content;
import dev.kanal.common.channel.Position;
import dev.kanal.common.channel.Received;
import dev.kanal.common.channel.Settlement;
import dev.kanal.common.channel.Sink;
import dev.kanal.common.channel.Source;
import dev.kanal.common.clock.Clocks;
import dev.kanal.common.context.TraceContext;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Outcome;
import dev.kanal.common.job.Priority;
import dev.kanal.common.log.LogEntry;
import dev.kanal.common.log.Run;
import dev.kanal.common.log.ToShard;
import dev.kanal.common.log.WorkerRef;
import dev.kanal.common.task.Past;
import dev.kanal.common.task.Suspicion;
import dev.kanal.common.task.Task;
import dev.kanal.worker.control.Cancels;
import dev.kanal.worker.pool.Machine;
import dev.kanal.worker.pool.Pool;
import dev.kanal.worker.pool.PoolSettings;
import dev.kanal.worker.pool.Slots;
import dev.kanal.worker.report.Reporter;
import dev.kanal.worker.report.Unread;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** A lane between a scripted source and a sink that acknowledges on request. */
public final class LaneFixture {
  public static final TaskRunner.Ending DONE =
      new TaskRunner.Ending(
          new Outcome.Succeeded(JsonBytes.NULL), Instant.EPOCH, Instant.EPOCH, false);

  /** Room for a batch of four: a lane has an eighth part of them. */
  static final int SLOTS = 32;

  private static final long PATIENCE_S = 10;

  final ManualSink events = new ManualSink();
  final ScriptedSource source = new ScriptedSource();
  final BlockingQueue<Started> started = new LinkedBlockingQueue<>();
  final BlockingQueue<String> interrupts = new LinkedBlockingQueue<>();
  final Slots slots;
  final LaneStop stop = new LaneStop();
  final AtomicBoolean kafkaAway = new AtomicBoolean();
  final LaneParts parts;

  private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
  private final Thread lane;

  /** A task whose handler runs. */
  record Started(Task task, TaskRunner.Listener listener) {
    void finish() {
      listener.finished(DONE);
      listener.ended();
    }
  }

  LaneFixture(Clocks clocks, LaneSettings settings) {
    var worker = new WorkerRef("w", 1);
    var reporter = new Reporter(events, new Refusing(), worker, clocks.ticker(), timer);
    var needs =
        new Pool.Needs(clocks.ticker(), _ -> Map.of(), _ -> 1, () -> new Machine(Duration.ZERO, 0));
    var pool = new Pool(new PoolSettings(SLOTS, SLOTS, SLOTS), needs);
    slots = pool.of("q");
    var recent = new RecentRuns(clocks.ticker(), 100);
    parts =
        new LaneParts(
            (_, _, _) -> source,
            pool,
            recent,
            new Runs(reporter, recent, clocks),
            new Cancels(clocks),
            this::start,
            reporter,
            settings,
            clocks,
            new Arrivals(clocks.ticker()),
            new OwnTopics(),
            kafkaAway::get);
    lane = Thread.ofPlatform().start(new Lane(parts, new Channel("q", Priority.NORMAL), stop));
  }

  /** Ends the lane; what runs unleased is given back. */
  void close() throws InterruptedException {
    stop.giveBack();
    assertTrue(lane.join(Duration.ofSeconds(PATIENCE_S)));
    timer.shutdownNow();
  }

  Run run(Task task) {
    return new Run(task.job(), task.dispatch(), parts.reporter().worker());
  }

  void check() {
    long now = parts.clocks().ticker().nanos();
    parts.runs().forEach(task -> task.check(now));
  }

  private TaskRunner.Running start(Task task, TaskRunner.Listener listener) {
    started.add(new Started(task, listener));
    return why -> interrupts.add(number(task) + " " + why);
  }

  static <T> T take(BlockingQueue<T> queue) throws InterruptedException {
    T taken = queue.poll(PATIENCE_S, TimeUnit.SECONDS);
    if (taken == null) {
      throw new AssertionError("Expected something within " + PATIENCE_S + " s, but nothing came");
    }
    return taken;
  }

  /** A plain task. */
  public static Task task(int job) {
    return task(job, Suspicion.NONE, false, false);
  }

  static Task task(int job, Suspicion suspicion, boolean permit, boolean strict) {
    return task(job, 1, suspicion, permit, strict);
  }

  /** One that was sent before, or will be again. */
  static Task dispatch(int job, int number) {
    return task(job, number, Suspicion.NONE, false, false);
  }

  private static Task task(
      int job, int dispatch, Suspicion suspicion, boolean permit, boolean strict) {
    return new Task(
        JobId.of(0, 1_000, job),
        "t",
        1,
        dispatch,
        suspicion,
        permit,
        strict,
        Duration.ofMinutes(1),
        null,
        Instant.EPOCH,
        TraceContext.NONE,
        JsonBytes.NULL,
        null,
        Past.NONE,
        Duration.ZERO);
  }

  private static long number(Task task) {
    return task.job().lo() & 0xFFFF;
  }

  static Delivery<Task> delivery(Task task, int count) {
    return new Delivery<>(
        new Content.Value<>(task),
        new ConsumerRecord<>("topic", 0, number(task), new byte[0], new byte[0]),
        count,
        Instant.EPOCH);
  }

  /** An event sent and not acknowledged yet. */
  record Sent(ToShard event, CompletableFuture<Position> future) {
    void acknowledge() {
      future.complete(new Position(event.shard(), 0, Instant.EPOCH));
    }

    LogEntry entry() {
      return event.entry();
    }
  }

  /** Acknowledges by hand. */
  static final class ManualSink implements Sink<ToShard> {
    final BlockingQueue<Sent> sent = new LinkedBlockingQueue<>();

    @Override
    public CompletableFuture<Position> send(ToShard value) {
      CompletableFuture<Position> future = new CompletableFuture<>();
      sent.add(new Sent(value, future));
      return future;
    }

    @Override
    public void close() {}
  }

  /** Takes nothing. */
  private static final class Refusing implements Sink<Unread> {
    @Override
    public CompletableFuture<Position> send(Unread value) {
      return CompletableFuture.failedFuture(new IllegalStateException("refused"));
    }

    @Override
    public void close() {}
  }

  /** Delivers batches, and notes how each record is settled: by job number. */
  static final class ScriptedSource implements Source<Task> {
    final BlockingQueue<String> settled = new LinkedBlockingQueue<>();
    private final BlockingQueue<List<Delivery<Task>>> batches = new LinkedBlockingQueue<>();

    /** One for each wait that brought nothing. */
    final Semaphore empties = new Semaphore(0);

    /** What happens while the next batch is waited for. */
    volatile Runnable meanwhile = () -> {};

    void deliver(Integer... jobs) {
      batches.add(List.of(jobs).stream().map(job -> delivery(task(job), 1)).toList());
    }

    void deliver(Task... tasks) {
      batches.add(List.of(tasks).stream().map(task -> delivery(task, 1)).toList());
    }

    void redeliver(Task task) {
      batches.add(List.of(delivery(task, 2)));
    }

    @Override
    public Received<Task> receive(Duration patience) {
      try {
        @Nullable List<Delivery<Task>> next =
            batches.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
        if (next == null) {
          empties.release();
          return new Received.Batch<>(List.of());
        }
        meanwhile.run();
        return new Received.Batch<>(next);
      } catch (InterruptedException e) {
        return new Received.Closed<>(e);
      }
    }

    @Override
    public void settle(Delivery<Task> delivery, Settlement settlement) {
      settled.add(delivery.record().offset() + " " + settlement);
    }

    @Override
    public void wakeUp() {}

    @Override
    public void close() {
      settled.add("closed");
    }
  }
}
