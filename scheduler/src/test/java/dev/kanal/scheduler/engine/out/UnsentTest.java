package dev.kanal.scheduler.engine.out;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.kanal.common.channel.Channel;
import dev.kanal.common.channel.Position;
import dev.kanal.common.channel.SendFailedException;
import dev.kanal.common.channel.Sink;
import dev.kanal.common.channel.Topics;
import dev.kanal.common.clock.Clocks;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.Priority;
import dev.kanal.common.log.LogEntry;
import dev.kanal.common.log.LogEntry.DispatchFailed;
import dev.kanal.common.log.LogEntry.QueueReady;
import dev.kanal.common.log.ToShard;
import dev.kanal.common.queue.QueueDefaults;
import dev.kanal.common.queue.QueueSettings;
import dev.kanal.common.queue.Rate;
import dev.kanal.common.queue.Scaling;
import dev.kanal.common.task.Task;
import dev.kanal.common.telemetry.Meters;
import dev.kanal.common.telemetry.Telemetry;
import dev.kanal.scheduler.engine.measure.EngineMetrics;
import dev.kanal.scheduler.engine.shard.ShardStory;
import dev.kanal.scheduler.engine.step.Effect;
import dev.kanal.scheduler.stats.RunRecorder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tasks that could not be sent: whatever the order of the reports, they are sent again. */
@Timeout(60)
final class UnsentTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  /** The report was refused once, and sent again, while the queue was made ready. */
  @Test
  void shouldSendAgain_whenTheFailureComesBehindTheWordThatTheQueueIsReady() {
    ShardStory story = ShardStory.ready();
    JobId job = story.submit();
    Task task = story.nextTask();
    story.queueReady("default", "topic-1");
    story.dispatchFailed(task);
    story.assertState(JobState.BLOCKED, job);
    story.move();
    story.pass(SECOND);
    story.assertState(JobState.QUEUED, job);
    assertEquals(2, story.nextTask().dispatch());
  }

  @Test
  void shouldTryToSendAgain_everLater_upToHalfAMinute() {
    ShardStory story = ShardStory.ready();
    JobId job = story.submit();
    List<Long> pauses = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      long failedMs = story.at().toEpochMilli();
      story.dispatchFailed(story.nextTask());
      while (story.tasksWaiting() == 0) {
        story.pass(SECOND);
      }
      pauses.add((story.at().toEpochMilli() - failedMs) / 1_000);
    }
    assertEquals(List.of(1L, 2L, 4L, 8L, 16L, 32L, 32L, 32L), pauses);
    story.fail(story.nextTask());
    story.pass(SECOND.multipliedBy(3));
    story.dispatchFailed(story.nextTask());
    story.pass(SECOND);
    story.assertState(JobState.QUEUED, job);
  }

  @Test
  void shouldSendAgainAfterAFailure_inPausedAndLimitedQueuesAsTheirLimitsSay() {
    ShardStory story = ShardStory.ready();
    QueueSettings slow =
        new QueueSettings(
            4,
            1_000,
            null,
            new Rate(1, SECOND.multipliedBy(60)),
            1,
            false,
            false,
            QueueDefaults.NONE,
            Scaling.DEFAULT);
    story.putQueue("default", slow);
    JobId job = story.submit();
    story.dispatchFailed(story.nextTask());
    story.pass(SECOND.multipliedBy(58));
    story.assertState(JobState.BLOCKED, job);
    story.pass(SECOND.multipliedBy(3));
    story.assertState(JobState.QUEUED, job);
    story.dispatchFailed(story.nextTask());
    story.putQueue("default", slow.withPaused(true));
    story.pass(SECOND.multipliedBy(120));
    story.assertState(JobState.BLOCKED, job);
    story.putQueue("default", slow);
    story.assertState(JobState.QUEUED, job);
  }

  /** A task fails, its report is refused once, and meanwhile the queue is reported ready. */
  @Test
  void shouldSendAgain_whenKafkaRefusesTheFirstReportOfAFailure() throws Exception {
    ShardStory story = ShardStory.ready();
    JobId job = story.submit();
    RefusingOnce log = new RefusingOnce();
    AtomicInteger repairs = new AtomicInteger();
    try (Dispatcher dispatcher =
        dispatcher(
            log,
            channel -> {
              repairs.incrementAndGet();
              log.read.add(new QueueReady(channel.queue(), channel.priority(), "topic-1"));
            })) {
      dispatcher.dispatch(0, dispatch(story.nextTask()));
      List<LogEntry> read = List.of(log.next(), log.next());
      assertEquals(
          List.of(QueueReady.class, DispatchFailed.class),
          read.stream().map(Object::getClass).toList());
      read.forEach(story::append);
      story.assertState(JobState.BLOCKED, job);
      story.pass(SECOND);

      dispatcher.dispatch(0, dispatch(story.nextTask()));

      assertEquals(2, repairs.get(), "a channel that is not opened is asked for again");
    }
  }

  private static Effect.Dispatch dispatch(Task task) {
    return new Effect.Dispatch(new Channel("default", Priority.NORMAL), task, 0);
  }

  /** There is no broker at its address. */
  private static Dispatcher dispatcher(Sink<ToShard> log, Consumer<Channel> onBroken) {
    var bytes = new ByteArraySerializer();
    Map<String, Object> nowhere = Map.of("bootstrap.servers", "127.0.0.1:1", "max.block.ms", 50);
    Clocks clocks = Clocks.system();
    EngineMetrics metrics =
        new EngineMetrics(new Meters(Telemetry.NONE), clocks.wall(), new RunRecorder(1));
    return new Dispatcher(
        new KafkaProducer<>(nowhere, bytes, bytes),
        new Topics("k"),
        log,
        new Dispatcher.Callbacks(onBroken, metrics, OwnTopics.NONE),
        clocks.ticker());
  }

  /** A log that does not take the first report. */
  private static final class RefusingOnce implements Sink<ToShard> {
    private final BlockingQueue<LogEntry> read = new LinkedBlockingQueue<>();
    private final AtomicInteger sent = new AtomicInteger();

    @Override
    public CompletableFuture<Position> send(ToShard entry) {
      if (sent.incrementAndGet() == 1) {
        return CompletableFuture.failedFuture(new SendFailedException("no"));
      }
      read.add(entry.entry());
      return CompletableFuture.completedFuture(new Position(0, sent.get(), Instant.EPOCH));
    }

    LogEntry next() throws InterruptedException {
      LogEntry next = read.poll(30, TimeUnit.SECONDS);
      assertNotNull(next, "an entry in time");
      return next;
    }

    @Override
    public void close() {}
  }
}
