package dev.kanal.worker.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.channel.Position;
import dev.kanal.common.channel.Sink;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Outcome;
import dev.kanal.common.log.LogEntry.Finished;
import dev.kanal.common.log.Run;
import dev.kanal.common.log.ToShard;
import dev.kanal.common.log.WorkerRef;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ReporterTest {
  private static final WorkerRef WORKER = new WorkerRef("w", 1);

  private final AtomicLong now = new AtomicLong();
  private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);

  @AfterEach
  void end() {
    timer.shutdownNow();
  }

  @Test
  void shouldKeepOutcomeAndSendAgain_whenKafkaRefusesIt() {
    FailingSink sink = new FailingSink(new TimeoutException("away"));
    Reporter reporter = reporter(sink);

    var taken = reporter.finished(finished("1"));
    assertFalse(taken.isDone());
    assertEquals(1, reporter.unsent());
    now.addAndGet(Duration.ofSeconds(6).toNanos());
    assertEquals(Duration.ofSeconds(6), reporter.stalledFor());
    sink.heal();
    taken.orTimeout(10, TimeUnit.SECONDS).join();

    assertEquals(0, reporter.unsent());
    assertEquals(Duration.ZERO, reporter.stalledFor());
    assertEquals(List.of(new ToShard(3, finished("1"))), sink.taken);
  }

  @Test
  void shouldReportFailure_whenTopicDoesNotTakeTheResult() {
    FailingSink sink = new FailingSink(new RecordTooLargeException("too large"));
    Reporter reporter = reporter(sink);
    var taken = reporter.finished(finished("1"));
    sink.heal();
    taken.orTimeout(10, TimeUnit.SECONDS).join();

    var sent = (Finished) sink.taken.getFirst().entry();
    assertTrue(
        sent.outcome() instanceof Outcome.Failed(var error, var retryable)
            && error.type().equals("result-too-large")
            && !retryable);
  }

  private Reporter reporter(FailingSink sink) {
    return new Reporter(sink, new NoSink(), WORKER, now::get, timer);
  }

  private static Finished finished(String result) {
    Run run = new Run(JobId.of(3, 1_000, 1), 1, WORKER);
    var outcome = new Outcome.Succeeded(JsonBytes.of(result));
    return new Finished(run, Instant.EPOCH, Instant.EPOCH, outcome);
  }

  /** Fails until it is healed. */
  private static final class FailingSink implements Sink<ToShard> {
    private final List<ToShard> taken = new CopyOnWriteArrayList<>();
    private final Exception failure;
    private volatile boolean healed;

    FailingSink(Exception failure) {
      this.failure = failure;
    }

    void heal() {
      healed = true;
    }

    @Override
    public CompletableFuture<Position> send(ToShard value) {
      if (!healed) {
        return CompletableFuture.failedFuture(failure);
      }
      taken.add(value);
      return CompletableFuture.completedFuture(new Position(value.shard(), 0, Instant.EPOCH));
    }

    @Override
    public void close() {}
  }

  /** Takes nothing. */
  private static final class NoSink implements Sink<Unread> {
    @Override
    public CompletableFuture<Position> send(Unread value) {
      return new CompletableFuture<>();
    }

    @Override
    public void close() {}
  }
}
