package dev.kanal.scheduler.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.clock.Clocks;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Priority;
import dev.kanal.common.log.Shards;
import dev.kanal.common.task.Task;
import dev.kanal.common.task.TaskRecords;
import dev.kanal.embedded.EmbeddedKafka;
import dev.kanal.embedded.junit.EmbeddedCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real share group settles a task of which nobody ever tells. */
@EmbeddedCluster
@Timeout(120)
final class LostTaskNodeTest {
  @TempDir Path data;

  /** Hazards 3B and 4: the broker thinks that it is done, and the job would wait for ever. */
  @Test
  void shouldSendATaskAnew_thatWasSettledButNeverReported(EmbeddedKafka kafka) throws Exception {
    Decider decisions = new Decisions(EngineRules.DEFAULT, new Shards(EngineNode.SHARDS));
    String bootstrap = kafka.bootstrapServers();
    try (EngineNode node =
            EngineNode.start(bootstrap, EmbeddedKafka.uniquePrefix(), data, decisions);
        KafkaShareConsumer<byte[], byte[]> worker = worker(bootstrap, node)) {
      JobId job = node.submit(JobSpec.of("sum", JsonBytes.of("1")));
      worker.subscribe(List.of(node.topics.tasks("default", Priority.NORMAL)));
      Task first = next(worker);
      assertEquals(1, first.dispatch());
      Task anew = next(worker);
      assertEquals(job, anew.job());
      assertEquals(2, anew.dispatch());
      assertEquals(first.attempt(), anew.attempt());
    }
  }

  /** The next task; it counts as accepted at the next poll. */
  private static Task next(KafkaShareConsumer<byte[], byte[]> worker) {
    long until = Clocks.system().ticker().nanos() + Duration.ofSeconds(60).toNanos();
    List<Task> tasks = new ArrayList<>();
    while (tasks.isEmpty()) {
      assertTrue(Clocks.system().ticker().nanos() < until, "a task in time");
      worker.poll(Duration.ofMillis(100)).forEach(each -> tasks.add(TaskRecords.decode(each)));
    }
    assertEquals(1, tasks.size());
    return tasks.getFirst();
  }

  private static KafkaShareConsumer<byte[], byte[]> worker(String bootstrap, EngineNode node) {
    var bytes = new ByteArrayDeserializer();
    return new KafkaShareConsumer<>(
        Map.of("bootstrap.servers", bootstrap, "group.id", node.topics.workerGroup("default")),
        bytes,
        bytes);
  }
}
