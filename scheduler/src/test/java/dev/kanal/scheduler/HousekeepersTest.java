package dev.kanal.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kanal.embedded.EmbeddedKafka;
import dev.kanal.embedded.junit.EmbeddedCluster;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** All housekeepers of a scheduler, on a real broker; the rules for each are its own test's. */
@EmbeddedCluster
@Timeout(120)
final class HousekeepersTest {
  private static final List<String> ALL =
      List.of(
          "kanal-behind",
          "kanal-drain-watch",
          "kanal-engine-gauges",
          "kanal-own-topics",
          "kanal-queues",
          "kanal-reach",
          "kanal-ticks",
          "kanal-topic-trimmer",
          "kanal-transactions",
          "kanal-type-watch");

  @TempDir Path data;

  @Test
  void shouldHaveAThreadEach_untilTheSchedulerIsClosed(EmbeddedKafka kafka) throws Exception {
    String prefix = EmbeddedKafka.uniquePrefix() + "h";
    ThreadGroup group = new ThreadGroup("housekeepers");
    FutureTask<Node> starting =
        new FutureTask<>(() -> Node.start(kafka.bootstrapServers(), prefix, data, true));
    new Thread(group, starting).start();
    Node node = starting.get();
    try {
      assertEquals(ALL, housekeepers(group));
    } finally {
      node.close();
    }
    Node.await("the threads end", () -> housekeepers(group).isEmpty());
    node.scheduler.close();
  }

  private static List<String> housekeepers(ThreadGroup group) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(each -> group.equals(each.getThreadGroup()))
        .map(Thread::getName)
        .filter(ALL::contains)
        .sorted()
        .toList();
  }
}
