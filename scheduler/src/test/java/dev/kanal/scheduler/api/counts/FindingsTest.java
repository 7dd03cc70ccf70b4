package dev.kanal.scheduler.api.counts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kanal.common.job.JobState;
import dev.kanal.common.log.WorkerRef;
import dev.kanal.common.queue.QueueSettings;
import dev.kanal.common.worker.WorkerReport;
import dev.kanal.common.worker.WorkerReport.Rates;
import dev.kanal.common.worker.WorkerReport.Running;
import dev.kanal.common.worker.WorkerReport.Slots;
import dev.kanal.scheduler.api.ApiNode;
import dev.kanal.scheduler.api.counts.Findings.Seen;
import dev.kanal.scheduler.api.json.Json;
import dev.kanal.scheduler.engine.query.JobReader.Blocked;
import dev.kanal.scheduler.engine.query.JobReader.Flow;
import dev.kanal.scheduler.engine.query.JobReader.Unhandled;
import dev.kanal.scheduler.engine.query.WaitCause;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the overview says of an installation, judged by its counts alone. */
final class FindingsTest {
  private static final long NOW = 1_000_000_000;
  private static final long LONG_MS = Findings.LONG.toMillis();
  private static final WorkerReport WORKER = worker("mail");

  @Test
  void allIsWell_whenNothingWaitsLong() {
    assertEquals(List.of(), findings(Map.of(), List.of(), 0));
    assertEquals(List.of(), findings(Map.of("mail", queued(5, LONG_MS)), List.of(WORKER), 0));
    QueueSum blocked = blocked(WaitCause.KEY, 5, LONG_MS);
    assertEquals(List.of(), findings(Map.of("mail", blocked), List.of(WORKER), 0));
    assertTrue(json(List.of()).get("well").asBoolean());
  }

  @Test
  void nobodyIsThere_orNobodyTakesTheQueue() {
    Map<String, QueueSum> sums = Map.of("mail", queued(5, 0), "other", queued(2, 0));
    assertEquals(
        List.of("7 jobs wait, and there is no live worker. Start one, or see why none starts."),
        findings(sums, List.of(), 0));
    assertEquals(
        List.of(
            "2 jobs wait in queue other, which no live worker takes."
                + " Start one that does (worker.queues)."),
        findings(sums, List.of(WORKER), 0));
    assertEquals(List.of(), findings(sums, null, 0), "it is not known who is there");
  }

  @Test
  void whatIsOlderThanFiveMinutesIsListed_orPaused_orFull() {
    Map<String, QueueSum> sums = new TreeMap<>();
    sums.put("mail", queued(1, LONG_MS + 1_000));
    assertEquals(
        List.of(
            "A job of queue mail has waited 5 minutes for a free slot."
                + " Add workers, or see what theirs are busy with."),
        findings(sums, List.of(WORKER), 0));
    sums.put("mail", blocked(WaitCause.KEY, 302, 3 * 3_600_000));
    assertEquals(
        List.of(
            "A job of queue mail has been blocked by key for 3 hours."
                + " Its page says what it waits for."),
        findings(sums, List.of(WORKER), 0));
    sums.put("mail", blocked(WaitCause.PAUSED, 1, 3 * 3_600_000));
    List<Finding> paused = found(sums, List.of(WORKER), 0);
    assertEquals(
        List.of("Queue mail is paused, and 1 job waits for somebody to resume it."),
        paused.stream().map(Finding::sentence).toList());
    assertTrue(json(paused).get("well").asBoolean(), "a remark");
    sums.put("mail", queued(1_000, 0));
    assertEquals(
        List.of(
            "Queue mail holds 1000 jobs and takes no more."
                + " Add workers, raise its capacity, or purge it."),
        findings(sums, List.of(WORKER), 0));
    sums.put("mail", blocked(WaitCause.TYPE, 3, 0));
    assertEquals(
        List.of(
            "No live worker has a handler for 3 jobs of queue mail (a, b)."
                + " Start one that has, or cancel them."),
        findings(sums, List.of(WORKER), 0));
  }

  @Test
  void theGravestComeFirst_andNoMoreThanTwenty() {
    Map<String, QueueSum> sums = new TreeMap<>();
    for (int i = 0; i < Findings.MAX + 4; i++) {
      sums.put("q" + i, queued(i + 1, 0));
    }
    List<Finding> found = found(sums, List.of(WORKER), 12);
    assertEquals(Findings.MAX + 5, found.size());
    assertEquals(Findings.MAX + 4, found.getFirst().count());
    assertEquals(Finding.Code.DEAD, found.getLast().code());
    assertEquals(
        "12 jobs have died within 15 minutes. See why they failed, fix the cause, then retry them.",
        found.getLast().sentence());
    JsonNode json = json(found);
    assertEquals(Findings.MAX, json.get("findings").size());
    assertEquals(5, json.get("more").asInt());
  }

  private static List<String> findings(
      Map<String, QueueSum> sums, @Nullable List<WorkerReport> live, long dead) {
    return found(sums, live, dead).stream().map(Finding::sentence).toList();
  }

  private static List<Finding> found(
      Map<String, QueueSum> sums, @Nullable List<WorkerReport> live, long dead) {
    return Findings.of(new Seen(sums, _ -> QueueSettings.of(4, 1_000), live, dead, NOW));
  }

  private static JsonNode json(List<Finding> findings) {
    return ApiNode.parse(Json.write(512, (out, _) -> Findings.write(findings, out)).toString());
  }

  private static QueueSum queued(long jobs, long ageMs) {
    return new QueueSum(Map.of(JobState.QUEUED, jobs), NOW - ageMs, Map.of(), Flow.NONE);
  }

  private static QueueSum blocked(WaitCause cause, long jobs, long ageMs) {
    return new QueueSum(
        Map.of(JobState.BLOCKED, jobs),
        Long.MAX_VALUE,
        Map.of(),
        Flow.NONE,
        Map.of(cause, new Blocked(jobs, NOW - ageMs)),
        cause == WaitCause.TYPE
            ? Map.of("a", new Unhandled(2, false), "b", new Unhandled(1, false))
            : Map.of());
  }

  private static WorkerReport worker(String queue) {
    return new WorkerReport(
        new WorkerRef("w", 1),
        "host",
        "1",
        Instant.EPOCH,
        Instant.EPOCH,
        List.of(queue),
        List.of("echo"),
        new Slots(10, 4, 2, Map.of()),
        new Running(0, List.of()),
        new Rates(0, 0),
        false,
        true);
  }
}
