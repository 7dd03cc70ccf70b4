package dev.kanal.scheduler.queues;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kanal.common.log.WorkerRef;
import dev.kanal.common.worker.WorkerReport;
import dev.kanal.common.worker.WorkerReport.Rates;
import dev.kanal.common.worker.WorkerReport.Running;
import dev.kanal.common.worker.WorkerReport.Slots;
import dev.kanal.scheduler.queues.OwnTopicRule.Way;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which types want a topic of their own, by who runs what. */
final class OwnTopicRuleTest {
  @Test
  void shouldShare_whatAllRun() {
    assertWays(
        Map.of("echo", Way.SHARED, "mail", Way.SHARED),
        worker("a", "echo", "mail"),
        worker("b", "echo", "mail"));
  }

  @Test
  void shouldPartWhatSomeRun_andShareTheRest() {
    assertWays(
        Map.of("echo", Way.SHARED, "mail", Way.OWN, "print", Way.OWN),
        worker("a", "echo", "mail"),
        worker("b", "echo", "print"),
        worker("c", "echo", "print"));
  }

  @Test
  void shouldNotPart_whatAWorkerOfAnOlderReleaseRuns() {
    assertWays(
        Map.of("mail", Way.UNREAD, "print", Way.OWN),
        worker("a", "mail"),
        older("b", "mail"),
        worker("c", "print"));
  }

  @Test
  void shouldPart_whatAWorkerOfAnOlderReleaseDoesNotRun() {
    assertWays(
        Map.of("mail", Way.OWN, "print", Way.UNREAD), worker("a", "mail"), older("b", "print"));
  }

  @Test
  void shouldCountThoseWhoTakeTheQueueOnly() {
    assertWays(
        Map.of("mail", Way.SHARED),
        worker("a", "mail"),
        report("b", List.of("other"), List.of("print"), true));
  }

  @Test
  void shouldSayNothing_withoutWorkers() {
    assertWays(Map.of());
  }

  private static void assertWays(Map<String, Way> expected, WorkerReport... live) {
    assertEquals(expected, OwnTopicRule.of("q", List.of(live)));
  }

  private static WorkerReport worker(String name, String... types) {
    return report(name, List.of(), List.of(types), true);
  }

  private static WorkerReport older(String name, String... types) {
    return report(name, List.of(), List.of(types), false);
  }

  private static WorkerReport report(
      String name, List<String> queues, List<String> types, boolean ownTopics) {
    return new WorkerReport(
        new WorkerRef(name, 1),
        "host",
        "1",
        Instant.EPOCH,
        Instant.EPOCH,
        queues,
        types,
        new Slots(1, 1, 0, Map.of()),
        new Running(0, List.of()),
        new Rates(0, 0),
        false,
        ownTopics);
  }
}
