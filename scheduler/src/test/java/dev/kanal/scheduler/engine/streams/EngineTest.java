package dev.kanal.scheduler.engine.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.clock.Clocks;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Priority;
import dev.kanal.common.job.Reason;
import dev.kanal.common.job.Retention;
import dev.kanal.common.job.RetryPolicy;
import dev.kanal.common.job.StartTime;
import dev.kanal.common.log.Shards;
import dev.kanal.embedded.EmbeddedKafka;
import dev.kanal.embedded.junit.EmbeddedCluster;
import dev.kanal.scheduler.engine.query.JobReader.Answer;
import dev.kanal.scheduler.engine.query.JobView;
import dev.kanal.scheduler.engine.row.JobRow;
import dev.kanal.scheduler.engine.shard.Decisions;
import dev.kanal.scheduler.engine.step.Decider;
import dev.kanal.scheduler.engine.step.EngineRules;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The engine on a real broker. */
@EmbeddedCluster
@Timeout(120)
final class EngineTest {
  private static final Decider DECISIONS = new Decisions(EngineRules.DEFAULT, new Shards(16));

  @TempDir Path data;

  @Test
  void shouldRunAJobFromSubmitToResult_andAnswerReadsAtOnce(EmbeddedKafka kafka) throws Exception {
    String prefix = EmbeddedKafka.uniquePrefix();
    try (EngineNode node = start(kafka, prefix, DECISIONS);
        EchoWorker _ = worker(kafka, node, "default")) {
      for (int i = 0; i < 50; i++) {
        JobId job = node.submit(spec("default", "echo", StartTime.NOW, "" + i));
        assertInstanceOf(Answer.Found.class, node.find(job));
        JobView done = node.awaitFinal(job);
        assertEquals(JobState.SUCCEEDED, done.state());
        assertEquals(JsonBytes.of("" + i), done.result());
      }
      JobId none = JobId.create(1, Clocks.system().wall().instant(), new Random(1));
      assertInstanceOf(Answer.Missing.class, node.find(none));
    }
  }

  @Test
  void shouldGoOnAfterARestart_withoutLosingOrRepeatingOutcomes(EmbeddedKafka kafka)
      throws Exception {
    String prefix = EmbeddedKafka.uniquePrefix();
    List<JobId> jobs = new ArrayList<>();
    JobId later;
    try (EngineNode node = start(kafka, prefix, DECISIONS)) {
      for (int i = 0; i < 200; i++) {
        jobs.add(node.submit(spec("default", "echo", StartTime.NOW, "" + i)));
      }
      StartTime inThreeSeconds = new StartTime.After(Duration.ofSeconds(3));
      later = node.submit(spec("default", "echo", inThreeSeconds, "99"));
    }
    try (EngineNode node = start(kafka, prefix, DECISIONS);
        EchoWorker worker = worker(kafka, node, "default")) {
      for (JobId job : jobs) {
        assertEquals(JobState.SUCCEEDED, node.awaitFinal(job).state());
      }
      assertEquals(JobState.SUCCEEDED, node.awaitFinal(later).state());
      worker.runs.forEach((job, runs) -> assertEquals(1, runs.get(), "runs of " + job));
    }
  }

  @Test
  void shouldSendAgain_whenAQueuesTopicIsDeleted_andNotHoldUpOthers(EmbeddedKafka kafka)
      throws Exception {
    String prefix = EmbeddedKafka.uniquePrefix();
    try (EngineNode node = start(kafka, prefix, DECISIONS);
        Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      List<JobId> hit = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        hit.add(node.submit(spec("hit", "echo", StartTime.NOW, "" + i)));
      }
      node.submit(spec("other", "echo", StartTime.NOW, "1"));
      admin
          .deleteTopics(List.of(node.topics.tasks("hit", Priority.NORMAL)))
          .all()
          .get(20, TimeUnit.SECONDS);
      try (EchoWorker _ = worker(kafka, node, "hit", "other")) {
        for (int i = 0; i < 50; i++) {
          hit.add(node.submit(spec("hit", "echo", StartTime.NOW, "" + i)));
          JobId other = node.submit(spec("other", "echo", StartTime.NOW, "" + i));
          assertEquals(JobState.SUCCEEDED, node.awaitFinal(other).state());
        }
        for (JobId job : hit) {
          assertEquals(JobState.SUCCEEDED, node.awaitFinal(job).state());
        }
      }
    }
  }

  @Test
  void shouldEndAJobWhoseDecisionThrows_andGoOn(EmbeddedKafka kafka) throws Exception {
    String prefix = EmbeddedKafka.uniquePrefix();
    Decider wrong =
        (step, input) -> {
          DECISIONS.decide(step, input);
          JobId id = input.job();
          JobRow row = id == null ? null : step.job(id);
          if (row != null && row.spec().type().equals("bad")) {
            throw new IllegalStateException("planted");
          }
        };
    try (EngineNode node = start(kafka, prefix, wrong);
        EchoWorker _ = worker(kafka, node, "default")) {
      for (int i = 0; i < 20; i++) {
        JobId bad = node.submit(spec("default", "bad", StartTime.NOW, "1"), 2);
        JobId good = node.submit(spec("default", "echo", StartTime.NOW, "2"), 2);
        assertEquals(Reason.ENGINE_ERROR, node.awaitFinal(bad).reason());
        assertEquals(JobState.SUCCEEDED, node.awaitFinal(good).state());
      }
    }
  }

  @Test
  void shouldHoldARowAtItsByteBound(EmbeddedKafka kafka) throws Exception {
    String prefix = EmbeddedKafka.uniquePrefix();
    String largest = "\"" + "x".repeat((1 << 20) - 2) + "\"";
    try (EngineNode node = start(kafka, prefix, DECISIONS);
        EchoWorker _ = worker(kafka, node, "default")) {
      JobId job = node.submit(spec("default", "echo", StartTime.NOW, largest));
      assertEquals(JsonBytes.of(largest), node.awaitFinal(job).result());
      JobId small = node.submit(spec("default", "echo", StartTime.NOW, "1"));
      assertEquals(JobState.SUCCEEDED, node.awaitFinal(small).state());
    }
  }

  private EngineNode start(EmbeddedKafka kafka, String prefix, Decider decider) throws Exception {
    EngineNode node = EngineNode.start(kafka.bootstrapServers(), prefix, data, decider);
    await(() -> node.reader().health().ready());
    return node;
  }

  private static EchoWorker worker(EmbeddedKafka kafka, EngineNode node, String... queues) {
    return new EchoWorker(kafka.bootstrapServers(), node.topics, queues);
  }

  static void await(BooleanSupplier condition) {
    long deadline = Clocks.system().ticker().nanos() + Duration.ofSeconds(60).toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(Clocks.system().ticker().nanos() < deadline, "in time");
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
  }

  /** A job that runs at once. */
  static JobSpec echo() {
    return spec("default", "echo", StartTime.NOW, "1");
  }

  private static JobSpec spec(String queue, String type, StartTime start, String payload) {
    return new JobSpec(
        type,
        JsonBytes.of(payload),
        queue,
        Priority.NORMAL,
        start,
        JobSpec.DEFAULT_TIMEOUT,
        null,
        RetryPolicy.DEFAULT,
        Map.of(),
        Retention.DEFAULT,
        null,
        null,
        null,
        null,
        null);
  }
}
