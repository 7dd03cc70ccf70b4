package dev.kanal.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kanal.common.job.JobId;
import dev.kanal.common.job.Outcome;
import dev.kanal.common.job.Priority;
import dev.kanal.common.task.Task;
import dev.kanal.embedded.junit.EmbeddedCluster;
import dev.kanal.embedded.junit.TestKafka;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Queues to which nothing comes cost next to nothing, and lose nothing. */
@EmbeddedCluster
@Timeout(180)
final class IdleQueuesTest {
  /** As many as have lanes although nothing comes. */
  private static final int KEPT = 16;

  private static final List<String> QUEUES =
      IntStream.range(0, KEPT + 4).mapToObj(number -> "queue-" + number).toList();

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Installation installation;

  IdleQueuesTest(TestKafka kafka) throws Exception {
    installation = new Installation(kafka);
    for (String queue : QUEUES) {
      installation.make(queue, Priority.NORMAL);
    }
  }

  @AfterEach
  void end() {
    installation.close();
  }

  @Test
  void shouldHaveLanesForAFew_andForEachToWhichATaskComes() throws Exception {
    try (Worker worker = installation.worker().build()) {
      worker.start();
      List<Task> all = new ArrayList<>(oneEach());
      all.forEach(installation::awaitOutcome);

      for (int round = 0; round < 2; round++) {
        installation.awaitAll(() -> withLanes() == KEPT, PATIENCE);
        List<Task> more = oneEach();
        more.forEach(installation::awaitOutcome);
        all.addAll(more);
      }

      Map<JobId, List<Outcome>> outcomes = installation.outcomes();
      assertEquals(all.size(), outcomes.size());
      outcomes.forEach((job, each) -> assertEquals(1, each.size(), job::toString));
    }
  }

  @Test
  void shouldTakeWhatCameWhileNoWorkerLived() throws Exception {
    try (Worker worker = installation.worker().build()) {
      worker.start();
      oneEach().forEach(installation::awaitOutcome);
    }
    List<Task> waiting = oneEach();
    try (Worker worker = installation.worker().build()) {
      worker.start();
      waiting.forEach(installation::awaitOutcome);
    }
  }

  @Test
  void shouldTakeWhatComesToAPartitionThatWasAdded() throws Exception {
    try (Worker worker = installation.worker().build()) {
      worker.start();
      installation.awaitAll(() -> withLanes() == KEPT, PATIENCE);
      String dormant = dormant();

      installation.addPartition(dormant, Priority.NORMAL);
      Task task = installation.task("echo", "1");
      var _ = installation.send(dormant, 1, task);

      installation.awaitOutcome(task);
    }
  }

  @Test
  void shouldTakeWhatIsInATopicThatWasMadeAgain_alsoIfItEndsWhereItEndedBefore() throws Exception {
    try (Worker worker = installation.worker().build()) {
      worker.start();
      oneEach().forEach(installation::awaitOutcome);
      installation.awaitAll(() -> withLanes() == KEPT, PATIENCE);
      String dormant = dormant();

      installation.makeAgain(dormant, Priority.NORMAL);
      Task task = installation.task("echo", "1");
      var _ = installation.send(dormant, 0, task).get();

      // A record of this offset has come before, so the engine is asked about it.
      installation.awaitAsked(task);
    }
  }

  @Test
  void shouldWatchNothing_onceItDrains() throws Exception {
    try (Worker worker = installation.worker().build()) {
      worker.start();
      installation.awaitAll(() -> watches() > 0, PATIENCE);

      worker.drain();

      installation.awaitAll(() -> watches() == 0, PATIENCE);
    }
  }

  private static long watches() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("kanal-worker-watch"))
        .count();
  }

  private List<Task> oneEach() {
    List<Task> tasks = new ArrayList<>();
    for (String queue : QUEUES) {
      Task task = installation.task("echo", "1");
      var _ = installation.send(queue, Priority.NORMAL, task);
      tasks.add(task);
    }
    return tasks;
  }

  /** One of the queues that have no lanes. */
  private String dormant() throws ExecutionException, InterruptedException {
    for (String queue : QUEUES) {
      if (installation.members(queue) == 0) {
        return queue;
      }
    }
    throw new AssertionError("Expected a queue without lanes, but all have some");
  }

  private int withLanes() throws ExecutionException, InterruptedException, IOException {
    int count = 0;
    for (String queue : QUEUES) {
      if (installation.members(queue) > 0) {
        count++;
      }
    }
    // The queue that each installation has, and to which nothing comes.
    return installation.members("default") > 0 ? count + 1 : count;
  }
}
