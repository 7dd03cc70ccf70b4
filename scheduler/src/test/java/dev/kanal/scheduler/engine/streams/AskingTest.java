package dev.kanal.scheduler.engine.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.bulkaction.BulkAction;
import dev.kanal.common.bulkaction.BulkActionOrder;
import dev.kanal.common.bulkaction.JobFilter;
import dev.kanal.common.clock.Clocks;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.StartTime;
import dev.kanal.common.log.LogEntry.StartBulkAction;
import dev.kanal.common.log.Shards;
import dev.kanal.embedded.EmbeddedKafka;
import dev.kanal.embedded.junit.EmbeddedCluster;
import dev.kanal.scheduler.engine.query.BulkActionView;
import dev.kanal.scheduler.engine.query.EventRing;
import dev.kanal.scheduler.engine.query.JobReader;
import dev.kanal.scheduler.engine.query.Listing;
import dev.kanal.scheduler.engine.shard.Decisions;
import dev.kanal.scheduler.engine.step.Decider;
import dev.kanal.scheduler.engine.step.EngineRules;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Lists, events and bulk actions on a real broker. */
@EmbeddedCluster
@Timeout(180)
final class AskingTest {
  private static final Decider DECISIONS =
      new Decisions(EngineRules.DEFAULT, new Shards(EngineNode.SHARDS));
  private static final JobFilter WAITING =
      JobFilter.ALL.withStates(Set.of(JobState.SCHEDULED)).withQueue("default");

  @TempDir Path data;

  /** Rows leave the cache for the disk all the time, since it is small. */
  @Test
  void shouldListEveryJobThatIsThere_whileOthersCome(EmbeddedKafka kafka) throws Exception {
    Queue<JobId> known = new ConcurrentLinkedQueue<>();
    AtomicBoolean over = new AtomicBoolean();
    try (EngineNode node = start(kafka, EmbeddedKafka.uniquePrefix(), 64 << 10)) {
      CompletableFuture<Void> submits =
          CompletableFuture.runAsync(() -> submitUntil(over, node, known));
      for (int i = 0; i < 12; i++) {
        List<JobId> before = List.copyOf(known);
        Set<JobId> found = new HashSet<>(list(node, i % 2 == 0 ? WAITING : JobFilter.ALL));
        List<JobId> missed = before.stream().filter(job -> !found.contains(job)).toList();
        assertEquals(List.of(), missed, "missed in round " + i + " of " + before.size());
      }
      over.set(true);
      submits.get(30, TimeUnit.SECONDS);
    }
  }

  @Test
  void shouldFinishABulkAction_afterARestart(EmbeddedKafka kafka) throws Exception {
    String prefix = EmbeddedKafka.uniquePrefix();
    int jobs = 6_000;
    JobId bulk = JobId.create(1, Clocks.system().wall().instant(), new Random(1));
    try (EngineNode node = start(kafka, prefix, 8 << 20)) {
      List<CompletableFuture<JobId>> sent = new ArrayList<>();
      for (int i = 0; i < jobs; i++) {
        sent.add(node.send(later()));
      }
      for (CompletableFuture<JobId> each : sent) {
        each.get(30, TimeUnit.SECONDS);
      }
      BulkActionOrder order = new BulkActionOrder(BulkAction.CANCEL, WAITING, List.of(), false);
      node.append(bulk.shard(), new StartBulkAction(bulk, order));
      assertFalse(bulk(node, bulk).parts().isEmpty(), "known at once in its home shard");
    }
    try (EngineNode node = start(kafka, prefix, 8 << 20)) {
      JobId later = node.submit(later());
      assertTrue(node.find(later) instanceof JobReader.Answer.Found, "its shard has read it");
      await(
          () ->
              bulk(node, bulk).parts().stream()
                      .filter(part -> part.state() == BulkActionView.State.DONE)
                      .count()
                  == EngineNode.SHARDS);
      Collection<BulkActionView.Part> parts = bulk(node, bulk).parts();
      assertEquals(jobs, parts.stream().mapToLong(BulkActionView.Part::done).sum());
      assertEquals(0, parts.stream().mapToLong(part -> part.skipped() + part.failed()).sum());
      assertEquals(List.of(later), list(node, WAITING));
      assertTrue(bulk(node, JobId.of(1, 7, 7)).parts().isEmpty(), "there is no such action");
    }
  }

  @Test
  void shouldGoOnWithEvents_afterARestart(EmbeddedKafka kafka) throws Exception {
    String prefix = EmbeddedKafka.uniquePrefix();
    EventRing.Numbered last;
    try (EngineNode node = start(kafka, prefix, 8 << 20)) {
      EventRing.Reader reader = ring(node).fromNow();
      node.submit(later(), 2);
      await(() -> !ring(node).after(reader.position()).read(1).events().isEmpty());
      last = reader.read(9).events().getLast();
    }
    try (EngineNode node = start(kafka, prefix, 8 << 20)) {
      EventRing.Reader reader = ring(node).after(last.sequence());
      JobId job = node.submit(later(), 2);
      await(() -> ring(node).from(job) != null);
      EventRing.Batch batch = reader.read(9);
      assertEquals(List.of(job), batch.events().stream().map(each -> each.event().job()).toList());
    }
  }

  private static void submitUntil(AtomicBoolean over, EngineNode node, Queue<JobId> known) {
    while (!over.get() && known.size() < 3_000) {
      List<CompletableFuture<JobId>> sent = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        sent.add(node.send(later()));
      }
      for (CompletableFuture<JobId> each : sent) {
        JobId job = each.join();
        assertTrue(node.reader().find(job).join() instanceof JobReader.Answer.Found);
        known.add(job);
      }
    }
  }

  /** Follows the pages to the end. */
  private static List<JobId> list(EngineNode node, JobFilter filter) throws Exception {
    List<JobId> found = new ArrayList<>();
    JobId below = null;
    do {
      Listing page = node.reader().list(filter, below, 200).get(20, TimeUnit.SECONDS);
      if (!(page instanceof Listing.Part share)) {
        throw new AssertionError("Expected a share, but got " + page);
      }
      share.jobs().forEach(job -> found.add(job.id()));
      below = share.reached();
    } while (below != null);
    return found;
  }

  private static BulkActionView bulk(EngineNode node, JobId id) {
    return node.reader().bulk(id).join();
  }

  private static EventRing ring(EngineNode node) {
    EventRing ring = node.reader().events(2);
    assertNotNull(ring, "shard 2");
    return ring == null ? new EventRing(-1) : ring;
  }

  private EngineNode start(EmbeddedKafka kafka, String prefix, long cacheBytes) throws Exception {
    EngineNode node =
        EngineNode.start(kafka.bootstrapServers(), prefix, data, DECISIONS, cacheBytes);
    await(() -> node.reader().health().ready());
    return node;
  }

  private static void await(BooleanSupplier condition) {
    long deadline = Clocks.system().ticker().nanos() + Duration.ofSeconds(90).toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(Clocks.system().ticker().nanos() < deadline, "in time");
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
  }

  private static JobSpec later() {
    return JobSpec.of("echo", JsonBytes.NULL).withStart(new StartTime.After(Duration.ofHours(1)));
  }
}
