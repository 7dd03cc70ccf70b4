package dev.kanal.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.job.JobState;
import dev.kanal.worker.JobFailed;
import dev.kanal.worker.Worker;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

@KanalTest
final class TestKanalTest {
  private static final List<Worker> STARTED = new ArrayList<>();

  private final TestKanal kanal;

  TestKanalTest(TestKanal kanal) {
    this.kanal = kanal;
  }

  record Name(String first, String last) {}

  record Bill(BigDecimal sum, Instant due, int copies) {}

  @BeforeAll
  static void shouldBeThere_beforeTheFirstTest(TestKanal kanal) {
    assertTrue(kanal.url().getPort() > 0);
  }

  @AfterAll
  static void shouldHaveClosedTheWorkers(TestKanal kanal) {
    assertEquals(3, STARTED.size());
    for (Worker worker : STARTED) {
      assertTimeoutPreemptively(Duration.ofSeconds(5), worker::awaitTermination);
    }
  }

  @Test
  void shouldRunJobs_whenAWorkerHasTheirType(TestKanal same) throws Exception {
    assertEquals(kanal, same);
    STARTED.add(
        kanal.worker(
            builder ->
                builder.handle(
                    "greet", Name.class, (_, name) -> "Hello " + name.first() + name.last())));

    TestJob job = kanal.run("greet", new Name("A", "B"));

    assertEquals(JobState.SUCCEEDED, job.state());
    assertEquals("Hello AB", job.result(String.class));
    assertEquals(1, job.attempt());
    assertEquals(Optional.empty(), job.error());
  }

  @Test
  void shouldTellWhatWentWrong() throws Exception {
    STARTED.add(
        kanal.worker(
            builder ->
                builder.handle(
                    "fail",
                    Name.class,
                    (_, _) -> {
                      throw new JobFailed("no-luck", "Expected luck, but got none", false);
                    })));

    TestJob job = kanal.run("fail", new Name("A", "B"));

    assertEquals(JobState.DEAD, job.state());
    assertEquals(Optional.of("Expected luck, but got none"), job.error());
    assertThrows(IllegalStateException.class, () -> job.result(String.class));
  }

  @Test
  void shouldReadAndWriteAsWorkersDo() throws Exception {
    STARTED.add(kanal.worker(builder -> builder.handle("bill", Bill.class, (_, bill) -> bill)));
    Bill bill = new Bill(new BigDecimal("0.10"), Instant.parse("2026-01-02T03:04:05Z"), 3);

    TestJob job = kanal.run("bill", bill);

    assertEquals(bill, job.result(Bill.class));
    assertTrue(job.json().contains("\"2026-01-02T03:04:05Z\""), job.json());
  }

  @Test
  void shouldSayHowTheJobIs_whenItDoesNotEnd() throws Exception {
    String id = kanal.submit("{\"type\":\"nobody\",\"queue\":\"empty\"}");

    String said = message(() -> kanal.await(id, Duration.ofSeconds(1)));

    assertTrue(said.contains(id) && said.contains("QUEUED"), said);
    assertNotEquals("", kanal.prefix());
    assertTrue(message(() -> kanal.await("no-id")).contains("Expected job no-id"));
  }

  @Test
  void shouldSayWhyAJobIsRefused() {
    String said =
        String.valueOf(
            assertThrows(IllegalArgumentException.class, () -> kanal.submit("not a type", null))
                .getMessage());
    assertTrue(said.contains("/type"), said);
  }

  private static String message(Executable call) {
    return String.valueOf(assertThrows(IllegalStateException.class, call).getMessage());
  }
}
