package dev.kanal.scheduler.engine.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.clock.Clocks;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobState;
import dev.kanal.common.log.Shards;
import dev.kanal.embedded.EmbeddedKafka;
import dev.kanal.embedded.junit.EmbeddedCluster;
import dev.kanal.scheduler.engine.shard.Decisions;
import dev.kanal.scheduler.engine.step.EngineRules;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an engine costs that has run jobs and has nothing more to do. */
@EmbeddedCluster
@Timeout(120)
final class IdleTest {
  private static final Duration LONGEST = Duration.ofSeconds(60);

  /** Many times the commit interval of the node, and longer than a silent shard counts as alive. */
  private static final Duration QUIET = Duration.ofSeconds(4);

  @TempDir private Path data;

  @Test
  void shouldCommitNoTransaction_andStayAlive_whileNothingHappens(EmbeddedKafka kafka)
      throws Exception {
    String prefix = EmbeddedKafka.uniquePrefix();
    Decisions decisions = new Decisions(EngineRules.DEFAULT, new Shards(EngineNode.SHARDS));
    try (EngineNode node = EngineNode.start(kafka.bootstrapServers(), prefix, data, decisions);
        EchoWorker _ = new EchoWorker(kafka.bootstrapServers(), node.topics, "default")) {
      EngineTest.await(() -> node.reader().health().ready());
      List<JobId> jobs = new ArrayList<>();
      for (int shard = 0; shard < EngineNode.SHARDS; shard++) {
        jobs.add(node.submit(EngineTest.echo(), shard));
      }
      for (JobId job : jobs) {
        assertEquals(JobState.SUCCEEDED, node.awaitFinal(job).state());
      }

      awaitNoTransaction(node, kafka);

      assertTrue(node.reader().health().ready());
      JobId next = node.submit(EngineTest.echo(), 0);
      assertEquals(JobState.SUCCEEDED, node.awaitFinal(next).state());
    }
  }

  private static void awaitNoTransaction(EngineNode node, EmbeddedKafka kafka) throws Exception {
    long deadline = nanos() + LONGEST.toNanos();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      long before = written(admin);
      long since = nanos();
      while (nanos() - since < QUIET.toNanos()) {
        assertTrue(nanos() < deadline, "transactions go on and on");
        assertTrue(node.reader().health().ready(), "the shards count as alive");
        LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        long now = written(admin);
        if (now != before) {
          before = now;
          since = nanos();
        }
      }
      assertTrue(before > 0, "the jobs were decided in transactions");
    }
  }

  /**
   * How far the broker's log of transactions is, in which each leaves records; a job counts as done
   * before its transaction has ended.
   */
  private static long written(Admin admin) throws Exception {
    String topic = "__transaction_state";
    Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
    admin
        .describeTopics(List.of(topic))
        .allTopicNames()
        .get(20, TimeUnit.SECONDS)
        .values()
        .forEach(
            found ->
                found
                    .partitions()
                    .forEach(
                        each ->
                            ends.put(
                                new TopicPartition(topic, each.partition()), OffsetSpec.latest())));
    return admin.listOffsets(ends).all().get(20, TimeUnit.SECONDS).values().stream()
        .mapToLong(ListOffsetsResult.ListOffsetsResultInfo::offset)
        .sum();
  }

  private static long nanos() {
    return Clocks.system().ticker().nanos();
  }
}
