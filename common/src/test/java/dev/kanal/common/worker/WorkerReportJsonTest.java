package dev.kanal.common.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.binary.UnreadableException;
import dev.kanal.common.job.JobId;
import dev.kanal.common.log.WorkerRef;
import dev.kanal.common.worker.WorkerReport.QueueUse;
import dev.kanal.common.worker.WorkerReport.Rates;
import dev.kanal.common.worker.WorkerReport.Running;
import dev.kanal.common.worker.WorkerReport.RunningTask;
import dev.kanal.common.worker.WorkerReport.Slots;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WorkerReportJsonTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");

  /** The public form; docs/RECORDS.md describes it. */
  @Test
  void shouldWriteTheseBytes() {
    String job = report().running().oldest().getFirst().job().toString();
    String expected =
        "{'id':'w-1~cafe','worker':'w-1','incarnation':'cafe','host':'host','version':'1.0',"
            + "'startedAt':'2026-01-02T03:03:05.678Z','at':'2026-01-02T03:04:05.678Z',"
            + "'queues':['mail'],'types':['echo','send'],"
            + "'slots':{'total':100,'size':64,'busy':2,'queues':{'mail':{'busy':2,'size':64,"
            + "'lag':300,'finished':120,'ranSeconds':60.5}}},"
            + "'running':{'count':2,'oldest':[{'job':'"
            + job
            + "','type':'send','attempt':2,'queue':'mail',"
            + "'startedAt':'2026-01-02T03:04:02.678Z','ageSeconds':3.0}]},"
            + "'rates':{'startedPerSecond':2.5,'finishedPerSecond':2.0},"
            + "'draining':true,'ownTopics':true}";
    assertEquals(
        expected.replace('\'', '"'),
        new String(WorkerReportJson.write(report()), StandardCharsets.UTF_8));
  }

  @Test
  void shouldTakeNothing_whereAValueIsNull() {
    String nulls =
        "{'worker':'w','incarnation':'ff','host':null,'at':null,'types':null,'slots':null,"
            + "'running':{'count':null,'oldest':null},'rates':null,'draining':null}";
    String least = "{'worker':'w','incarnation':'ff'}";
    assertEquals(read(least), read(nulls));
    assertEquals(new Slots(0, 0, 0, Map.of()), read(nulls).slots());
    assertEquals(Instant.EPOCH, read(nulls).at());
  }

  @Test
  void shouldReadWhatItWrote() {
    WorkerReport report = report();
    assertEquals(report, WorkerReportJson.read(WorkerReportJson.write(report)));
  }

  @Test
  void shouldLeaveUnknownFieldsAlone_andTakeNothingForMissingOnes() {
    String later =
        "{\"worker\":\"w\",\"incarnation\":\"ff\",\"news\":{\"a\":[1]},"
            + "\"slots\":{\"queues\":{\"mail\":{\"busy\":3,\"more\":[{}]}}}}";
    WorkerReport read = WorkerReportJson.read(later.getBytes(StandardCharsets.UTF_8));
    assertEquals(new WorkerRef("w", 255), read.worker());
    assertEquals(Map.of("mail", new QueueUse(3, 0, 0, 0, 0)), read.slots().queues());
    assertEquals(List.of(), read.types());
    assertFalse(read.ownTopics(), "an earlier release does not say so");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "7",
        "null",
        "{",
        "{\"at\":\"noon\"}",
        "{\"incarnation\":\"xyz\"}",
        "{\"slots\":3}",
        "{\"slots\":{\"busy\":\"3\"}}",
        "{\"slots\":{\"busy\":3000000000}}",
        "{\"draining\":1}",
        "{\"rates\":{\"startedPerSecond\":\"1.5\"}}",
        "{\"types\":\"echo\"}",
        "{\"running\":{\"oldest\":[{\"type\":\"echo\"}]}}"
      })
  void shouldSayThatItIsNoReport(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    String said =
        String.valueOf(
            assertThrows(UnreadableException.class, () -> WorkerReportJson.read(bytes))
                .getMessage());
    assertTrue(said.startsWith("Expected a worker's report, but"), said);
  }

  private static WorkerReport read(String json) {
    return WorkerReportJson.read(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  static WorkerReport report() {
    JobId job = JobId.create(3, NOW, new Random(7));
    return new WorkerReport(
        new WorkerRef("w-1", 0xcafeL),
        "host",
        "1.0",
        NOW.minusSeconds(60),
        NOW,
        List.of("mail"),
        List.of("echo", "send"),
        new Slots(100, 64, 2, Map.of("mail", new QueueUse(2, 64, 300, 120, 60.5))),
        new Running(2, List.of(new RunningTask(job, "send", 2, "mail", NOW.minusSeconds(3)))),
        new Rates(2.5, 2.0),
        true,
        true);
  }
}
