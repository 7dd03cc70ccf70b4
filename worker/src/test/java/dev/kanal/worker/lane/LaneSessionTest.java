package dev.kanal.worker.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.channel.Delivery;
import dev.kanal.common.channel.Delivery.Content;
import dev.kanal.common.channel.Position;
import dev.kanal.common.channel.Received;
import dev.kanal.common.channel.Settlement;
import dev.kanal.common.channel.Sink;
import dev.kanal.common.channel.Source;
import dev.kanal.common.clock.Clocks;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Outcome;
import dev.kanal.common.job.TraceContext;
import dev.kanal.common.log.LogEntry.Leased;
import dev.kanal.common.log.ToShard;
import dev.kanal.common.log.WorkerRef;
import dev.kanal.common.task.Task;
import dev.kanal.worker.lane.Slots.Release;
import dev.kanal.worker.report.Reporter;
import dev.kanal.worker.report.Unread;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A lane between a scripted source and a sink that acknowledges when told. */
final class LaneSessionTest {
  private static final long PATIENCE_S = 10;
  private static final Outcome DONE = new Outcome.Succeeded(JsonBytes.NULL);

  private final Clocks clocks = Clocks.system();
  private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
  private final ManualSink events = new ManualSink();
  private final ScriptedSource source = new ScriptedSource();
  private final BlockingQueue<TaskRunner.Listener> started = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> stopped = new LinkedBlockingQueue<>();
  private final Slots slots = new Slots(8);
  private final LaneStop stop = new LaneStop();
  private final Reporter reporter =
      new Reporter(events, new Refusing(), new WorkerRef("w", 1), clocks.ticker(), timer);
  private final LaneParts parts =
      new LaneParts(
          (_, _) -> source,
          slots,
          new RecentRuns(clocks.ticker(), 100),
          this::start,
          reporter,
          LaneSettings.DEFAULT,
          clocks,
          ConcurrentHashMap.newKeySet());
  private final Thread lane =
      Thread.ofPlatform()
          .start(
              new Lane(
                  parts, new Channel("q", dev.kanal.common.job.Priority.NORMAL), stop, () -> 1));

  @AfterEach
  void end() throws InterruptedException {
    stop.giveBack();
    assertTrue(lane.join(Duration.ofSeconds(PATIENCE_S)));
    timer.shutdownNow();
  }

  @Test
  void shouldAcceptOnlyAfterKafkaHasTheOutcome() throws Exception {
    source.deliver(1);
    var listener = take(started);
    listener.finished(DONE, Instant.EPOCH, Instant.EPOCH);
    listener.ended();
    var sent = take(events.sent);
    assertEquals(0, source.settled.size());
    assertEquals(0, slots.released(Release.FINISHED));

    sent.acknowledge();

    assertEquals("1 ACCEPT", take(source.settled));
    assertEquals(1, slots.released(Release.FINISHED));
  }

  @Test
  void shouldAcceptAndReceiveMore_whenKafkaHasTheLease() throws Exception {
    source.deliver(1);
    var slow = take(started);
    var lease = take(events.sent);
    assertTrue(lease.event.entry() instanceof Leased);
    assertEquals(0, source.settled.size());
    lease.acknowledge();
    assertEquals("1 ACCEPT", take(source.settled));

    source.deliver(2);
    var _ = take(started);

    assertEquals(0, slots.released(Release.FINISHED));
    slow.finished(DONE, Instant.EPOCH, Instant.EPOCH);
    slow.ended();
    take(events.sent).acknowledge();
    assertEquals(1, slots.released(Release.FINISHED));
  }

  @Test
  void shouldAcceptCopyWithoutRunningIt_whenTheRunIsKnown() throws Exception {
    source.deliver(1, 1);
    var listener = take(started);
    listener.finished(DONE, Instant.EPOCH, Instant.EPOCH);
    listener.ended();
    take(events.sent).acknowledge();

    assertEquals("1 ACCEPT", take(source.settled));
    assertEquals("1 ACCEPT", take(source.settled));
    assertEquals(0, started.size());
    assertEquals(1, slots.released(Release.COPY));
  }

  @Test
  void shouldInterruptAndCloseUnsettled_whenRecordsAreToBeGivenBack() throws Exception {
    source.deliver(1);
    var listener = take(started);

    stop.giveBack();

    assertEquals("stop", take(stopped));
    assertEquals("closed", take(source.settled));
    listener.finished(DONE, Instant.EPOCH, Instant.EPOCH);
    listener.ended();
    assertEquals(0, events.sent.size());
    assertEquals(1, slots.released(Release.GIVEN_BACK));
    assertEquals(8, slots.free());
  }

  private TaskRunner.Running start(Task task, TaskRunner.Listener listener) {
    started.add(listener);
    return () -> stopped.add("stop");
  }

  private static <T> T take(BlockingQueue<T> queue) throws InterruptedException {
    T taken = queue.poll(PATIENCE_S, TimeUnit.SECONDS);
    if (taken == null) {
      throw new AssertionError("Expected something within " + PATIENCE_S + " s, but nothing came");
    }
    return taken;
  }

  /** An event sent and not acknowledged yet. */
  private record Sent(ToShard event, CompletableFuture<Position> future) {
    void acknowledge() {
      future.complete(new Position(event.shard(), 0, Instant.EPOCH));
    }
  }

  /** Acknowledges by hand. */
  private static final class ManualSink implements Sink<ToShard> {
    private final BlockingQueue<Sent> sent = new LinkedBlockingQueue<>();

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

  /** Delivers batches of jobs by number, and notes how each is settled. */
  private static final class ScriptedSource implements Source<Task> {
    private final BlockingQueue<List<Delivery<Task>>> batches = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> settled = new LinkedBlockingQueue<>();

    void deliver(Integer... jobs) {
      batches.add(List.of(jobs).stream().map(ScriptedSource::delivery).toList());
    }

    @Override
    public Received<Task> receive(Duration patience) {
      try {
        @Nullable List<Delivery<Task>> next =
            batches.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
        return new Received.Batch<>(next == null ? List.of() : next);
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

    private static Delivery<Task> delivery(int job) {
      Task task =
          new Task(
              JobId.of(0, 1_000, job),
              "t",
              1,
              1,
              false,
              false,
              false,
              Duration.ofMinutes(1),
              null,
              Instant.EPOCH,
              TraceContext.NONE,
              JsonBytes.NULL);
      return new Delivery<>(
          new Content.Value<>(task),
          new ConsumerRecord<>("topic", 0, job, new byte[0], new byte[0]),
          1,
          Instant.EPOCH);
    }
  }
}
