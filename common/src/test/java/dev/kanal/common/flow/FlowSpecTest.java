package dev.kanal.common.flow;

import static dev.kanal.common.flow.Steps.echo;
import static dev.kanal.common.flow.Steps.flow;
import static dev.kanal.common.flow.Steps.job;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.job.Idempotency;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.Retention;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Each bound, just inside and just outside. */
final class FlowSpecTest {
  private static final StepKind.Job JOB = new StepKind.Job(echo());

  @Test
  void shouldBoundNames() {
    String longest = "a-9".repeat(21);
    assertEquals(63, StepSpec.of(longest, JOB).name().length());
    assertRefused("the name of a step", () -> StepSpec.of(longest + "b", JOB));
    for (String name : List.of("", "A", "a_b", "*", "$input", "ä")) {
      assertRefused("the name of a step", () -> StepSpec.of(name, JOB));
      assertRefused("the name of a flow", () -> FlowSpec.of(name, List.of(job("a"))));
      assertRefused("the name of an event", () -> new StepKind.Wait(name, null));
      assertRefused("the name of a branch", () -> new StepKind.Branch(name, JOB));
    }
  }

  @Test
  void shouldBoundSteps() {
    List<StepSpec> most = IntStream.range(0, 200).mapToObj(i -> job("s" + i)).toList();
    assertEquals(200, FlowSpec.of("f", most).steps().size());
    assertRefused("the number of steps", () -> FlowSpec.of("f", List.of()));
    assertRefused(
        "the number of steps", () -> FlowSpec.of("f", Collections.nCopies(201, job("s"))));
  }

  @Test
  void shouldBoundNeeds_allAside() {
    String[] needs = IntStream.range(0, 33).mapToObj(i -> "s" + i).toArray(String[]::new);
    needs[32] = StepSpec.ALL;
    assertEquals(33, job("s", needs).needs().size());
    needs[32] = "s32";
    assertRefused("the number of needs", () -> job("s", needs));
  }

  @Test
  void shouldBoundStages() {
    Over over = new Over.Range(0, 1, 1);
    assertEquals(
        20, new StepKind.Map(over, FanOut.DEFAULT, Collections.nCopies(20, echo())).chain().size());
    for (int count : List.of(0, 21)) {
      assertRefused(
          "the number of stages",
          () -> new StepKind.Map(over, FanOut.DEFAULT, Collections.nCopies(count, echo())));
    }
  }

  @Test
  void shouldBoundTheWindow() {
    assertEquals(1, Steps.atOnce(1).atOnce());
    assertEquals(10_000, Steps.atOnce(10_000).atOnce());
    assertRefused("atOnce", () -> Steps.atOnce(0));
    assertRefused("atOnce", () -> Steps.atOnce(10_001));
  }

  @Test
  void shouldBoundTolerance() {
    assertFalse(new Tolerance.Percent(100).isExceeded(5, 5, true));
    assertTrue(new Tolerance.Percent(0).isExceeded(1, 1_000_000, true));
    assertFalse(new Tolerance.Percent(1).isExceeded(10, 1_000, true));
    assertTrue(new Tolerance.Percent(1).isExceeded(11, 1_000, true));
    assertFalse(new Tolerance.Percent(1).isExceeded(11, 11, false));
    assertFalse(new Tolerance.Failures(2).isExceeded(2, 9, false));
    assertTrue(new Tolerance.Failures(2).isExceeded(3, 9, false));
    assertRefused("tolerate.percent", () -> new Tolerance.Percent(101));
    assertRefused("tolerate.percent", () -> new Tolerance.Percent(-1));
    assertRefused("tolerate.failures", () -> new Tolerance.Failures(-1));
    assertRefused("tolerate.failures", () -> new Tolerance.Failures(10_000_001));
  }

  @Test
  void shouldKeepFailedMembersAlone_whenThereAreMany() {
    assertEquals(FanOut.Keep.ALL, FanOut.DEFAULT.keptOf(10_000));
    assertEquals(FanOut.Keep.FAILED, FanOut.DEFAULT.keptOf(10_001));
    var all = new FanOut(1, Tolerance.Failures.NONE, FanOut.Keep.ALL, false);
    assertEquals(FanOut.Keep.ALL, all.keptOf(10_001));
  }

  @Test
  void shouldCountTheItemsOfARange() {
    assertEquals(0, new Over.Range(5, 5, 1).width());
    assertEquals(3, new Over.Range(0, 9, 3).width());
    assertEquals(4, new Over.Range(0, 10, 3).width());
    assertEquals("9", new Over.Range(0, 10, 3).item(3).toString());
    assertEquals("-2", new Over.Range(-5, 10, 3).item(1).toString());
    assertEquals(10_000_000, new Over.Range(0, 10_000_000, 1).width());
    assertEquals(2, new Over.Range(Long.MIN_VALUE, Long.MAX_VALUE, Long.MAX_VALUE).width() - 1);
    assertRefused("at most 10000000 items", () -> new Over.Range(0, 10_000_001, 1));
    assertRefused(
        "at most 10000000 items", () -> new Over.Range(Long.MIN_VALUE, Long.MAX_VALUE, 1));
    assertRefused("by from 1", () -> new Over.Range(0, 1, 0));
    assertRefused("to of at least from", () -> new Over.Range(1, 0, 1));
  }

  @Test
  void shouldBoundTimes() {
    Duration least = Duration.ofMillis(1);
    assertEquals(least, Steps.await(null, least).timeout());
    assertRefused("timeout", () -> Steps.await("e", Duration.ZERO));
    assertRefused("timeout", () -> Steps.await("e", Duration.ofDays(366)));
    assertRefused("an event or a timeout", () -> Steps.await(null, null));
    assertRefused("idle", () -> new Over.Stream(Duration.ofMillis(999)));
    assertRefused("idle", () -> new Over.Stream(Duration.ofDays(31)));
    assertRefused("idle", () -> new StepKind.Group(Duration.ZERO, FanOut.DEFAULT));
  }

  @Test
  void shouldBoundBranches() {
    assertEquals(32, race(32).branches().size());
    assertRefused("the number of branches", () -> race(1));
    assertRefused("the number of branches", () -> race(33));
    var twice = new StepKind.Branch("a", JOB);
    assertRefused("names of their own", () -> new StepKind.Race(List.of(twice, twice)));
  }

  @Test
  void shouldLeaveToTheFlowWhatIsTheFlows() {
    JobSpec job = echo();
    assertRefused(
        "idempotencyKey", () -> job("s", job.withIdempotency(new Idempotency("k", 1, 2))));
    assertRefused("deadline", () -> job("s", job.withDeadline(Instant.EPOCH)));
    var retention = new Retention(Duration.ZERO, Duration.ZERO);
    assertRefused("retention", () -> job("s", job.withRetention(retention)));
  }

  @Test
  void shouldSayWhichResultsAreUsed() {
    FlowSpec spec =
        flow(job("a"), job("b", echo("{\"$from\":\"a\"}"), "a"), job("c"))
            .withOutput(echo("{\"$from\":\"c\"}").payload());
    assertEquals(Set.of("a", "c"), FlowTemplates.resultsUsed(spec));
  }

  private static StepKind.Race race(int branches) {
    return new StepKind.Race(
        IntStream.range(0, branches).mapToObj(i -> new StepKind.Branch("b" + i, JOB)).toList());
  }

  private static void assertRefused(String what, Executable made) {
    var e = assertThrows(IllegalArgumentException.class, made);
    assertTrue(String.valueOf(e.getMessage()).contains(what), e::getMessage);
  }
}
