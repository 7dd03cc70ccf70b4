package dev.kanal.scheduler.engine.upkeep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.channel.Position;
import dev.kanal.common.channel.SendFailedException;
import dev.kanal.common.channel.Sink;
import dev.kanal.common.log.LogEntry;
import dev.kanal.common.log.LogEntry.TypesHandled;
import dev.kanal.common.log.ToShard;
import dev.kanal.common.log.WorkerRef;
import dev.kanal.common.worker.KnownWorkers;
import dev.kanal.common.worker.WorkerReport;
import dev.kanal.common.worker.WorkerReport.Rates;
import dev.kanal.common.worker.WorkerReport.Running;
import dev.kanal.common.worker.WorkerReport.Slots;
import dev.kanal.scheduler.engine.shard.MapStore;
import dev.kanal.scheduler.engine.shard.ShardStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When a node tells its shards what workers run. */
final class TypeWatchTest {
  private final ShardStatus shard = new ShardStatus(3, new MapStore(), Set.of("mail"), 0, 0);
  private final List<ToShard> sent = new ArrayList<>();
  private final KnownWorkers workers = new KnownWorkers(this::nanos);
  private final TypeWatch watch =
      new TypeWatch(Map.of(3, shard), workers, new Log(), this::nanos, this::isOut);
  private long nanos;
  private boolean away;
  private boolean out;

  @BeforeEach
  void hasReadAllReports() {
    shard.noteReady("mail");
    shard.noteTypes("", null);
    workers.reachedEnd();
  }

  @Test
  void shouldSayNothing_beforeAllReportsAreRead() {
    KnownWorkers unread = new KnownWorkers(this::nanos);
    unread.take(worker("a", List.of("sum")), Duration.ZERO);
    shard.noteUnhandled("mail");
    new TypeWatch(Map.of(3, shard), unread, new Log(), this::nanos, this::isOut).look();
    assertEquals(List.of(), sent);
  }

  /** What an older node could not read is written only where it is needed. */
  @Test
  void shouldSayNothing_whileAllWorkersRunTheSameAndNothingCameBack() {
    come("a", "mail", "sum");
    come("b", "mail", "sum");
    watch.look();
    assertEquals(List.of(), sent);
  }

  /** So that the shard decides by today's rules before the first task comes back. */
  @Test
  void shouldSayItOnceAtFirst_ifAWorkerOfThisReleaseIsThere() {
    ShardStatus fresh = new ShardStatus(3, new MapStore(), Set.of(), 0, 0);
    fresh.noteReady("mail");
    fresh.noteReady("print");
    TypeWatch first = new TypeWatch(Map.of(3, fresh), workers, new Log(), this::nanos, this::isOut);
    workers.take(worker("a", List.of("sum"), false), Duration.ZERO);
    first.look();
    assertEquals(List.of(), sent);
    come("a", "sum");
    first.look();
    assertEquals(1, sent.size());
  }

  @Test
  void shouldSayWhatTheyRunTogether_onceTheyDiffer() {
    come("a", "sum");
    come("b", "mail", "sum");
    watch.look();
    assertEquals(List.of(said("mail", "sum")), sent);
  }

  @Test
  void shouldSayWhatTheyRun_onceATaskCameBack() {
    come("a", "sum");
    shard.noteUnhandled("mail");
    watch.look();
    assertEquals(List.of(said("sum")), sent);
  }

  @Test
  void shouldSayItOnce_andAgainOnlyIfItDidNotArrive() {
    come("a", "sum");
    shard.noteUnhandled("mail");
    away = true;
    watch.look();
    away = false;
    watch.look();
    watch.look();
    assertEquals(1, sent.size(), "the shard has not read it");
    shard.noteTypes("mail", List.of("sum"));
    shard.applied(1, 0, 0);
    watch.look();
    assertEquals(1, sent.size());
  }

  @Test
  void shouldSayMore_whenAWorkerComes_andLessAMomentAfterItWent() {
    come("a", "sum");
    shard.noteTypes("mail", List.of("sum"));
    come("b", "print");
    watch.look();
    assertEquals(said("print", "sum"), sent.getLast());
    shard.noteTypes("mail", List.of("print", "sum"));
    shard.applied(sent.size(), 0, 0);
    workers.remove("b#1");
    watch.look();
    assertEquals(1, sent.size());
    passLooking(TypeMemory.KEPT.plusSeconds(30), "a", "sum");
    assertEquals(said("sum"), sent.getLast());
  }

  @Test
  void shouldSayThatNothingIsKnown_whenTheLastWorkerHasBeenGoneForAMoment() {
    shard.noteTypes("mail", List.of("sum"));
    watch.look();
    assertEquals(List.of(), sent);
    passLooking(TypeMemory.KEPT, "b");
    assertEquals(List.of(new ToShard(3, new TypesHandled("mail", null))), sent);
  }

  @Test
  void shouldNotTakeWorkersForGone_whileKafkaIsAway() {
    come("a", "sum");
    shard.noteTypes("mail", List.of("sum"));
    watch.look();
    out = true;
    pass(TypeMemory.KEPT.multipliedBy(3));
    watch.look();
    out = false;
    watch.look();
    assertEquals(List.of(), sent, "its next report is on its way");
    come("a", "sum");
    watch.look();
    assertEquals(List.of(), sent);
  }

  @Test
  void shouldHoldNothingBack_whenAWorkerRunsMoreTypesThanItsReportNames() {
    List<String> most =
        IntStream.range(0, WorkerReport.NAMES_MAX).mapToObj(i -> "t" + i).sorted().toList();
    workers.take(worker("a", most), Duration.ZERO);
    come("b", "sum");
    watch.look();
    assertEquals(List.of(), sent);
    assertFalse(TypeCoverage.of("mail", workers.live()).complete());
    workers.take(worker("a", most.subList(1, most.size())), Duration.ZERO);
    assertTrue(TypeCoverage.of("mail", workers.live()).complete());
  }

  @Test
  void shouldTakeNoNameThatNoJobCanHave_norCountThoseWhoTakeNoTasks() {
    come("a", "sum", "not a type");
    WorkerReport other = worker("b", List.of("mail"));
    workers.take(drains(other), Duration.ZERO);
    TypeCoverage now = TypeCoverage.of("mail", workers.live());
    assertEquals(Set.of("sum"), now.types());
    assertEquals(1, now.workers());
    assertFalse(now.mixed());
  }

  private boolean isOut() {
    return out;
  }

  private long nanos() {
    return nanos;
  }

  private void pass(Duration time) {
    nanos += time.toNanos();
  }

  /** Time passes as usual: there are looks, and the worker goes on to report. */
  private void passLooking(Duration time, String name, String... types) {
    for (Duration left = time; left.isPositive(); left = left.minusSeconds(1)) {
      pass(Duration.ofSeconds(1));
      if (types.length > 0) {
        come(name, types);
      }
      watch.look();
    }
  }

  private void come(String name, String... types) {
    workers.take(worker(name, List.of(types)), Duration.ZERO);
  }

  private static ToShard said(String... types) {
    LogEntry entry = new TypesHandled("mail", List.of(types));
    return new ToShard(3, entry);
  }

  private static WorkerReport worker(String name, List<String> types) {
    return worker(name, types, true);
  }

  private static WorkerReport worker(String name, List<String> types, boolean ownTopics) {
    return new WorkerReport(
        new WorkerRef(name, 1),
        "host",
        "1",
        Instant.EPOCH,
        Instant.EPOCH,
        List.of(),
        types,
        new Slots(1, 1, 0, Map.of()),
        new Running(0, List.of()),
        new Rates(0, 0),
        false,
        ownTopics);
  }

  private static WorkerReport drains(WorkerReport report) {
    return new WorkerReport(
        report.worker(),
        report.host(),
        report.version(),
        report.startedAt(),
        report.at(),
        report.queues(),
        report.types(),
        report.slots(),
        report.running(),
        report.rates(),
        true,
        report.ownTopics());
  }

  /** Takes what is sent, unless Kafka is away. */
  private final class Log implements Sink<ToShard> {
    @Override
    public CompletableFuture<Position> send(ToShard entry) {
      if (away) {
        return CompletableFuture.failedFuture(new SendFailedException("away"));
      }
      sent.add(entry);
      return CompletableFuture.completedFuture(new Position(3, sent.size(), Instant.EPOCH));
    }

    @Override
    public void close() {}
  }
}
