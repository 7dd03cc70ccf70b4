package dev.kanal.scheduler.engine.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.clock.Clocks;
import dev.kanal.common.log.LogFormat;
import dev.kanal.embedded.EmbeddedKafka;
import dev.kanal.embedded.junit.EmbeddedCluster;
import dev.kanal.scheduler.engine.format.FormatRules;
import dev.kanal.scheduler.engine.query.JobReader.ShardFormat;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that read different formats of logs, on a real broker. */
@EmbeddedCluster
@Timeout(180)
final class FormatActivationTest {
  private static final Duration SETTLED = Duration.ofSeconds(3);
  private static final FormatRules OLDER = new FormatRules(LogFormat.JOBS, SETTLED);
  private static final FormatRules NEWER = new FormatRules(LogFormat.FLOWS, SETTLED);

  @TempDir Path data;

  @Test
  void shouldActivateAtOnce_whenItIsSetUp_andKeepItAfterARestart(EmbeddedKafka kafka)
      throws Exception {
    String prefix = EmbeddedKafka.uniquePrefix();
    FormatRules never = new FormatRules(LogFormat.FLOWS, Duration.ofHours(1));
    for (int start = 0; start < 2; start++) {
      try (EngineNode node = start(kafka, prefix, "one", never)) {
        await("all shards have it", () -> has(LogFormat.FLOWS, node));
      }
    }
  }

  @Test
  void shouldActivateOnlyAfterTheLastOlderNodeHasLeft(EmbeddedKafka kafka) throws Exception {
    String prefix = EmbeddedKafka.uniquePrefix();
    try (EngineNode newer = besideAnOlderOne(kafka, prefix)) {
      await("the newer one has all shards", () -> newer.reader().formats().size() == 4);
      assertFalse(has(LogFormat.FLOWS, newer));
      await("all shards have it", () -> has(LogFormat.FLOWS, newer));
    }
  }

  /** A node that has been there with an older one for long, until that left. */
  private EngineNode besideAnOlderOne(EmbeddedKafka kafka, String prefix) throws Exception {
    try (EngineNode older = start(kafka, prefix, "older", OLDER)) {
      await("the older one has all shards", () -> has(LogFormat.JOBS, older));
      EngineNode newer = start(kafka, prefix, "newer", NEWER);
      await(
          "both have shards",
          () ->
              has(LogFormat.JOBS, older, newer)
                  && Stream.of(older, newer).noneMatch(n -> n.reader().formats().isEmpty()));
      long since = Clocks.system().ticker().nanos();
      await(
          "time passes",
          () -> Clocks.system().ticker().nanos() - since > SETTLED.multipliedBy(3).toNanos());
      assertTrue(has(LogFormat.JOBS, older, newer));
      return newer;
    }
  }

  /** Whoever cannot read the log does not pass over what it does not know: it says so, and ends. */
  @Test
  void shouldRefuseToWork_whenANodeIsTooOldForTheLog(EmbeddedKafka kafka) throws Exception {
    String prefix = EmbeddedKafka.uniquePrefix();
    try (EngineNode newer = start(kafka, prefix, "newer", NEWER)) {
      await("all shards have it", () -> has(LogFormat.FLOWS, newer));
    }
    try (EngineNode older = start(kafka, prefix, "older", OLDER)) {
      String why = older.engine.tooOld().get(60, TimeUnit.SECONDS);
      assertTrue(why.contains("this one cannot read what they write"), why);
      assertEquals(List.of(), older.reader().formats());
    }
    try (EngineNode newer = start(kafka, prefix, "newer", NEWER)) {
      await("all shards are there again", () -> has(LogFormat.FLOWS, newer));
    }
  }

  private EngineNode start(EmbeddedKafka kafka, String prefix, String name, FormatRules formats)
      throws Exception {
    return EngineNode.start(kafka.bootstrapServers(), prefix, data.resolve(name), formats);
  }

  /** Whether the nodes have all shards, and the log of each has this format. */
  private static boolean has(LogFormat format, EngineNode... nodes) {
    List<ShardFormat> all =
        Stream.of(nodes).flatMap(node -> node.reader().formats().stream()).toList();
    return all.size() == EngineNode.SHARDS
        && all.stream()
            .map(ShardFormat::format)
            .collect(Collectors.toSet())
            .equals(Set.of(format.number()));
  }

  private static void await(String what, BooleanSupplier condition) {
    long start = Clocks.system().ticker().nanos();
    while (!condition.getAsBoolean()) {
      if (Clocks.system().ticker().nanos() - start > Duration.ofSeconds(60).toNanos()) {
        throw new AssertionError("Expected that " + what + ", but not within a minute");
      }
      LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
    }
  }
}
