package dev.kanal.scheduler.engine.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.channel.Topics;
import dev.kanal.common.clock.Clocks;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.Priority;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * How many records a job costs. They are what brokers, disks and networks have of it, and their
 * number is the same on any machine.
 */
@EmbeddedCluster
@Timeout(120)
final class RecordsTest {
  private static final Duration LONGEST = Duration.ofSeconds(60);

  @TempDir private Path data;

  /** The records of an engine's topics. */
  private record Records(long log, long tasks, long lifecycle, long rows) {
    Records since(Records before) {
      return new Records(
          log - before.log, tasks - before.tasks, lifecycle - before.lifecycle, rows - before.rows);
    }
  }

  @Test
  void shouldWriteAHandfulForEachJob(EmbeddedKafka kafka) throws Exception {
    String prefix = EmbeddedKafka.uniquePrefix();
    Decisions decisions = new Decisions(EngineRules.DEFAULT, new Shards(EngineNode.SHARDS));
    try (EngineNode node = EngineNode.start(kafka.bootstrapServers(), prefix, data, decisions);
        EchoWorker _ = new EchoWorker(kafka.bootstrapServers(), node.topics, "default");
        var consumer = consumer(kafka)) {
      EngineTest.await(() -> node.reader().health().ready());
      succeed(node, List.of(node.submit(EngineTest.echo())));
      Records first = await(consumer, node.topics, new Records(0, 0, 0, 0), 1);

      long many = 1_000;
      List<CompletableFuture<JobId>> sent = new ArrayList<>();
      for (int i = 0; i < many; i++) {
        sent.add(node.send(EngineTest.echo()));
      }
      List<JobId> jobs = new ArrayList<>();
      for (CompletableFuture<JobId> each : sent) {
        jobs.add(each.get(20, TimeUnit.SECONDS));
      }
      succeed(node, jobs);
      Records atOnce = await(consumer, node.topics, first, many).since(first);
      assertEquals(2 * many, atOnce.log, "its submission, and its outcome");
      assertEquals(many, atOnce.tasks);
      assertEquals(2 * many, atOnce.lifecycle, "queued, and succeeded");
      assertTrue(atOnce.rows <= 5 * many, atOnce::toString);
      Records before = await(consumer, node.topics, first, many);

      long few = 30;
      for (int i = 0; i < few; i++) {
        succeed(node, List.of(node.submit(EngineTest.echo())));
      }
      Records oneByOne = await(consumer, node.topics, before, few).since(before);
      assertEquals(2 * few, oneByOne.log);
      assertEquals(few, oneByOne.tasks);
      assertEquals(2 * few, oneByOne.lifecycle);
      assertTrue(oneByOne.rows <= 9 * few, oneByOne::toString);
    }
  }

  private static void succeed(EngineNode node, List<JobId> jobs) throws Exception {
    for (JobId job : jobs) {
      assertEquals(JobState.SUCCEEDED, node.awaitFinal(job).state());
    }
  }

  /** All records, once the transactions in which these jobs ended are committed. */
  private static Records await(
      KafkaConsumer<byte[], byte[]> consumer, Topics topics, Records before, long jobs) {
    long deadline = Clocks.system().ticker().nanos() + LONGEST.toNanos();
    Records now = read(consumer, topics);
    while (now.lifecycle - before.lifecycle < 2 * jobs) {
      Records last = now;
      assertTrue(Clocks.system().ticker().nanos() - deadline < 0, last::toString);
      now = read(consumer, topics);
    }
    return now;
  }

  private static Records read(KafkaConsumer<byte[], byte[]> consumer, Topics topics) {
    Map<String, Long> counts = new HashMap<>();
    List<TopicPartition> all = new ArrayList<>();
    consumer.listTopics().values().stream()
        .flatMap(List::stream)
        .filter(each -> each.topic().startsWith(topics.prefix()))
        .forEach(each -> all.add(new TopicPartition(each.topic(), each.partition())));
    consumer.assign(all);
    consumer.seekToBeginning(all);
    Map<TopicPartition, Long> ends = consumer.endOffsets(all);
    while (ends.entrySet().stream()
        .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
      consumer
          .poll(Duration.ofMillis(100))
          .forEach(
              record -> {
                var _ = counts.merge(record.topic(), 1L, Long::sum);
              });
    }
    long rows =
        counts.entrySet().stream()
            .filter(each -> each.getKey().endsWith("-changelog"))
            .mapToLong(Map.Entry::getValue)
            .sum();
    return new Records(
        counts.getOrDefault(topics.log(), 0L),
        counts.getOrDefault(topics.tasks("default", Priority.NORMAL), 0L),
        counts.getOrDefault(topics.lifecycle(), 0L),
        rows);
  }

  private static KafkaConsumer<byte[], byte[]> consumer(EmbeddedKafka kafka) {
    Map<String, Object> config =
        Map.of("bootstrap.servers", kafka.bootstrapServers(), "isolation.level", "read_committed");
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }
}
