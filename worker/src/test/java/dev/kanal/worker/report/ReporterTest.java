package dev.kanal.worker.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.channel.Position;
import dev.kanal.common.channel.Sink;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobProgress;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Outcome;
import dev.kanal.common.job.Outcome.Cancelled;
import dev.kanal.common.log.Lease;
import dev.kanal.common.log.LogEntry.Finished;
import dev.kanal.common.log.LogEntry.Heartbeat;
import dev.kanal.common.log.LogEntry.HeldLeases;
import dev.kanal.common.log.LogEntry.Leased;
import dev.kanal.common.log.LogEntry.Progressed;
import dev.kanal.common.log.Run;
import dev.kanal.common.log.ToShard;
import dev.kanal.common.log.WorkerRef;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Delayed;
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

  /** Hazard 7f. */
  @Test
  void shouldListEveryLeaseOnce_whenItWasReportedAndNotEnded() {
    FailingSink sink = new FailingSink(new TimeoutException("away"));
    sink.heal();
    Reporter reporter = reporter(sink);
    var stubborn = new Finished(run(2), Instant.EPOCH, Instant.EPOCH, new Cancelled(), true);
    var _ = reporter.leased(new Leased(run(1), Instant.EPOCH));
    var _ = reporter.finished(stubborn);
    var _ = reporter.ask(run(3));
    var _ = reporter.ask(run(3));
    var _ = reporter.leased(new Leased(run(4), Instant.EPOCH));
    reporter.leaseEnded(run(4));
    sink.taken.clear();

    reporter.list();

    var held = (HeldLeases) sink.taken.getFirst().entry();
    assertEquals(1, sink.taken.size());
    assertEquals(3, held.leases().size());
    assertEquals(Set.of(lease(1), lease(2), lease(3)), Set.copyOf(held.leases()), held::toString);
  }

  /** Hazard 7g. */
  @Test
  void shouldBeatOnceAndListNothing_whenLeasesAreMoreThanAListTakes() {
    FailingSink sink = new FailingSink(new TimeoutException("away"));
    sink.heal();
    Reporter reporter = reporter(sink);
    for (int i = 0; i < HeldLeases.MAX; i++) {
      var _ = reporter.ask(run(i));
    }
    sink.taken.clear();
    reporter.list();
    assertEquals(HeldLeases.MAX, ((HeldLeases) sink.taken.getFirst().entry()).leases().size());
    var _ = reporter.ask(run(HeldLeases.MAX));
    sink.taken.clear();

    reporter.list();
    reporter.beat();

    assertEquals(List.of(new ToShard(3, new Heartbeat(WORKER))), List.copyOf(sink.taken));
  }

  @Test
  void shouldBeatAndListInTime_whenStarted() {
    Reporter reporter = reporter(new FailingSink(new TimeoutException("away")));

    reporter.start();

    assertEquals(
        List.of(5L, 30L),
        timer.getQueue().stream()
            .map(task -> Math.ceilDiv(((Delayed) task).getDelay(TimeUnit.MILLISECONDS), 1_000L))
            .sorted()
            .toList());
  }

  @Test
  void shouldTakeNoMoreProgress_whenMuchIsUnsent() {
    var reporter = new Reporter(new Silent<>(), new Silent<>(), WORKER, now::get, timer);
    var progress = new Progressed(run(1), new JobProgress(0.5, null));
    for (int i = 0; i < Reporter.PROGRESS_MAX; i++) {
      assertTrue(reporter.progressed(progress));
    }

    assertFalse(reporter.progressed(progress));
  }

  @Test
  void shouldBeCutOff_whenNothingWasTakenForAsLongAsALeaseLasts() {
    FailingSink sink = new FailingSink(new TimeoutException("away"));
    Reporter reporter = reporter(sink);
    long since = now.get();
    now.addAndGet(Reporter.LEASE.toNanos() - 1);
    assertFalse(reporter.isCutOff(run(1).job(), since));
    now.addAndGet(1);
    assertTrue(reporter.isCutOff(run(1).job(), since));
    assertFalse(reporter.isCutOff(run(1).job(), now.get()));

    sink.heal();
    var _ = reporter.leased(new Leased(run(1), Instant.EPOCH));

    assertFalse(reporter.isCutOff(run(1).job(), since));
  }

  private static Run run(int job) {
    return new Run(JobId.of(3, 1_000, job), 1, WORKER);
  }

  private static Lease lease(int job) {
    return new Lease(run(job).job(), 1);
  }

  private Reporter reporter(FailingSink sink) {
    return new Reporter(sink, new Silent<>(), WORKER, now::get, timer);
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
  private static final class Silent<T> implements Sink<T> {
    @Override
    public CompletableFuture<Position> send(T value) {
      return new CompletableFuture<>();
    }

    @Override
    public void close() {}
  }
}
