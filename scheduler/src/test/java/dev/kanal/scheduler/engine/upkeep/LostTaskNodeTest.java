package dev.kanal.scheduler.engine.upkeep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.clock.Clocks;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Outcome;
import dev.kanal.common.job.Priority;
import dev.kanal.common.log.LogEntry.Finished;
import dev.kanal.common.log.LogEntry.Submit;
import dev.kanal.common.log.Run;
import dev.kanal.common.log.Shards;
import dev.kanal.common.log.WorkerRef;
import dev.kanal.common.task.Task;
import dev.kanal.common.task.TaskRecords;
import dev.kanal.embedded.EmbeddedKafka;
import dev.kanal.embedded.junit.EmbeddedCluster;
import dev.kanal.scheduler.engine.shard.Decisions;
import dev.kanal.scheduler.engine.step.Decider;
import dev.kanal.scheduler.engine.step.EngineRules;
import dev.kanal.scheduler.engine.step.Input;
import dev.kanal.scheduler.engine.streams.EngineNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real share group settles a task that is never reported. */
@EmbeddedCluster
@Timeout(120)
final class LostTaskNodeTest {
  /** That of {@link EngineNode}. */
  private static final Duration MARGIN = Duration.ofSeconds(3);

  private static final int LATE = 200;

  @TempDir Path data;

  /** Hazards 3B and 4: the broker thinks that it is done, and the job would wait for ever. */
  @Test
  void shouldSendATaskAnew_thatWasSettledButNeverReported(EmbeddedKafka kafka) throws Exception {
    Decider decisions = new Decisions(EngineRules.DEFAULT, new Shards(EngineNode.SHARDS));
    String bootstrap = kafka.bootstrapServers();
    try (EngineNode node =
            EngineNode.start(bootstrap, EmbeddedKafka.uniquePrefix(), data, decisions);
        KafkaShareConsumer<byte[], byte[]> worker = worker(bootstrap, node, "default")) {
      JobId job = node.submit(JobSpec.of("sum", JsonBytes.of("1")));
      worker.subscribe(List.of(node.topics.tasks("default", Priority.NORMAL)));
      Task first = next(worker);
      assertEquals(1, first.dispatch());
      Task again = next(worker);
      assertEquals(job, again.job());
      assertEquals(2, again.dispatch());
      assertEquals(first.attempt(), again.attempt());
    }
  }

  /**
   * Hazard 3B: a shard that is behind decides by the log's time, which is long past. Tasks that
   * have only just been sent look old then, and are not lost.
   */
  @Test
  void shouldNotSendATaskAnew_whenItsShardWasFarBehindItsLog(EmbeddedKafka kafka) throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    Decider decisions = new Decisions(EngineRules.DEFAULT, new Shards(EngineNode.SHARDS));
    Decider slow =
        (step, input) -> {
          if (input instanceof Input.Entry(Submit submit) && submit.spec().type().equals("slow")) {
            await(goOn);
          }
          decisions.decide(step, input);
        };
    String bootstrap = kafka.bootstrapServers();
    try (EngineNode node = EngineNode.start(bootstrap, EmbeddedKafka.uniquePrefix(), data, slow);
        var worker = worker(bootstrap, node, "default");
        var other = worker(bootstrap, node, "other")) {
      finish(node, read(node, worker, "default"));
      Set<JobId> late = new HashSet<>();
      late.add(node.submit(JobSpec.of("slow", JsonBytes.of("1")), 1));
      for (int i = 0; i < LATE; i++) {
        late.add(node.submit(JobSpec.of("sum", JsonBytes.of("1")), 1));
      }
      assertEquals(List.of(), run(node, worker, MARGIN.plusSeconds(1)));
      goOn.countDown();
      // Some are settled, so that the broker has moved on to those that have just been sent.
      List<Task> sent = new ArrayList<>();
      while (sent.size() < LATE / 4) {
        sent.addAll(take(node, worker));
      }
      // That this one is found says that all queues have been looked at.
      Task lost = read(node, other, "other");
      assertEquals(lost.dispatch() + 1, next(other).dispatch());
      sent.addAll(run(node, worker, MARGIN));
      assertEquals(late, sent.stream().map(Task::job).collect(Collectors.toSet()));
      sent.forEach(task -> assertEquals(1, task.dispatch(), task::toString));
      assertEquals(late.size(), sent.size());
    }
  }

  /** Submits a job to a queue and takes its task. */
  private static Task read(EngineNode node, KafkaShareConsumer<byte[], byte[]> worker, String queue)
      throws Exception {
    var _ = node.submit(JobSpec.of("sum", JsonBytes.of("1")).withQueue(queue));
    worker.subscribe(List.of(node.topics.tasks(queue, Priority.NORMAL)));
    return next(worker);
  }

  private static void finish(EngineNode node, Task task) throws Exception {
    Instant now = Clocks.system().wall().instant();
    Run run = new Run(task.job(), task.dispatch(), new WorkerRef("w", 1));
    Outcome done = new Outcome.Succeeded(JsonBytes.of("1"));
    node.append(task.job().shard(), new Finished(run, now, now, done));
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(60, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Expected to go on, but was interrupted", e);
    }
  }

  /** Finishes the tasks that have come, each before it is settled by the next call. */
  private static List<Task> take(EngineNode node, KafkaShareConsumer<byte[], byte[]> worker)
      throws Exception {
    List<Task> tasks = new ArrayList<>();
    for (var record : worker.poll(Duration.ofMillis(100))) {
      tasks.add(TaskRecords.decode(record));
      finish(node, tasks.getLast());
    }
    return tasks;
  }

  /** Finishes all tasks that come in this time. */
  private static List<Task> run(
      EngineNode node, KafkaShareConsumer<byte[], byte[]> worker, Duration within)
      throws Exception {
    long until = Clocks.system().ticker().nanos() + within.toNanos();
    List<Task> tasks = new ArrayList<>();
    while (Clocks.system().ticker().nanos() < until) {
      tasks.addAll(take(node, worker));
    }
    return tasks;
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

  private static KafkaShareConsumer<byte[], byte[]> worker(
      String bootstrap, EngineNode node, String queue) {
    var bytes = new ByteArrayDeserializer();
    return new KafkaShareConsumer<>(
        Map.of(
            "bootstrap.servers",
            bootstrap,
            "group.id",
            node.topics.workerGroup(queue),
            "max.poll.records",
            1),
        bytes,
        bytes);
  }
}
