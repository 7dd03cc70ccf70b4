package dev.kanal.scheduler.engine.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.clock.Clocks;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.log.Shards;
import dev.kanal.embedded.EmbeddedKafka;
import dev.kanal.embedded.junit.EmbeddedCluster;
import dev.kanal.scheduler.engine.query.Quarantine;
import dev.kanal.scheduler.engine.query.Quarantine.Item;
import dev.kanal.scheduler.engine.query.Quarantine.Page;
import dev.kanal.scheduler.engine.read.QuarantineReader;
import dev.kanal.scheduler.engine.shard.Decisions;
import dev.kanal.scheduler.engine.step.Decider;
import dev.kanal.scheduler.engine.step.EngineRules;
import dev.kanal.scheduler.stats.RunTally;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the engine tells of itself, on a real broker. */
@EmbeddedCluster
@Timeout(120)
final class StatsEngineTest {
  @TempDir Path data;

  @Test
  void shouldCountWhatEnds_andHowLongItTook(EmbeddedKafka kafka) throws Exception {
    String prefix = EmbeddedKafka.uniquePrefix();
    try (EngineNode node = start(kafka, prefix)) {
      try (EchoWorker _ = new EchoWorker(kafka.bootstrapServers(), node.topics, "default")) {
        for (int i = 0; i < 20; i++) {
          var job = node.submit(JobSpec.of("echo", JsonBytes.of("1")));
          assertEquals(JobState.SUCCEEDED, node.awaitFinal(job).state());
        }
      }
      RunTally tally = node.engine.reader().runs().queues().get("default");
      assertNotNull(tally);
      assertEquals(20, tally.ends().succeeded());
      assertEquals(20, tally.runs().total());
      assertEquals(20, tally.waits().total());
      assertEquals(20, tally.totals().total());
      Double total = tally.totals().quantile(1);
      assertTrue(total != null && total < 60, "the longest: " + total);
    }
  }

  @Test
  void shouldTellTheQuarantine_newestFirst_pageByPage(EmbeddedKafka kafka) throws Exception {
    String prefix = EmbeddedKafka.uniquePrefix();
    try (EngineNode node = start(kafka, prefix)) {
      assertEquals(List.of(), read(node, null, 10).items());
      List<String> sent = new ArrayList<>();
      try (var producer = producer(kafka)) {
        for (int i = 0; i < 7; i++) {
          String text = (i == 3 ? "long " + "é".repeat(2_000) : "no entry ") + i;
          sent.addFirst(text);
          producer
              .send(
                  new ProducerRecord<>(
                      node.topics.log(), i % 2, null, text.getBytes(StandardCharsets.UTF_8)))
              .get(30, TimeUnit.SECONDS);
          int count = i + 1;
          await(() -> read(node, null, 10).items().size() == count);
        }
      }
      List<Item> all = new ArrayList<>();
      Page page = read(node, null, 3);
      all.addAll(page.items());
      for (Long next = page.next(); next != null; next = page.next()) {
        page = read(node, next, 3);
        assertTrue(page.items().size() <= 3);
        all.addAll(page.items());
      }
      assertEquals(7, all.size());
      for (int i = 0; i < 7; i++) {
        Item item = all.get(i);
        assertTrue(item.isText() && sent.get(i).startsWith(item.excerpt()), item.excerpt());
        assertTrue(item.reason().contains("Expected"), item.reason());
        assertEquals((6 - i) % 2, item.source() == null ? -1 : item.source().partition());
      }
      Item cut = all.get(3);
      assertEquals(4_006, cut.bytes());
      assertTrue(cut.excerpt().getBytes(StandardCharsets.UTF_8).length <= Quarantine.EXCERPT_MAX);
    }
  }

  @Test
  void shouldTellTextFromBytes() {
    assertEquals("a\nb", QuarantineReader.text("a\nb".getBytes(StandardCharsets.UTF_8)));
    assertNull(QuarantineReader.text(new byte[] {1, 40}));
    assertNull(QuarantineReader.text(new byte[] {(byte) 0xC3}));
    assertEquals("", QuarantineReader.text(new byte[0]));
  }

  private EngineNode start(EmbeddedKafka kafka, String prefix) throws Exception {
    Decider decider = new Decisions(EngineRules.DEFAULT, new Shards(16));
    EngineNode node = EngineNode.start(kafka.bootstrapServers(), prefix, data, decider);
    await(() -> node.reader().health().ready());
    return node;
  }

  private static void await(BooleanSupplier condition) {
    long deadline = Clocks.system().ticker().nanos() + Duration.ofSeconds(60).toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(Clocks.system().ticker().nanos() < deadline, "in time");
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
  }

  private static Page read(EngineNode node, @Nullable Long below, int limit) {
    return node.engine.quarantine().read(below, limit).orTimeout(30, TimeUnit.SECONDS).join();
  }

  private static KafkaProducer<byte[], byte[]> producer(EmbeddedKafka kafka) {
    return new KafkaProducer<>(
        Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers()),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }
}
