package dev.kanal.check.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.check.promise.Promise;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class LifecycleTallyTest {
  private static final String QUEUED = state("QUEUED", 1, 1, "");
  private static final String DONE = state("SUCCEEDED", 1, 1, "succeeded");
  private static final String DUPLICATE =
      "{'event':'duplicate-run','job':'a','at':1400,'dispatch':1}";

  record Counted(long onceViolations, long duplicates, long retries, long lost) {}

  static Stream<Arguments> stories() {
    return Stream.of(
        row("the common case", of(0, 0, 0, 0), QUEUED, DONE),
        row("no outcome named", of(0, 0, 0, 0), QUEUED, state("SUCCEEDED", 1, 1, "")),
        row("never seen", of(1, 0, 0, 0)),
        row("not final", of(1, 0, 0, 0), QUEUED),
        row("final twice", of(1, 0, 0, 0), QUEUED, DONE, DONE),
        row("final twice, run twice", of(1, 1, 0, 0), DONE, state("SUCCEEDED", 1, 2, "succeeded")),
        row("late report of an old run", of(0, 1, 0, 0), QUEUED, DONE, DUPLICATE),
        row("two late reports", of(0, 2, 0, 0), DUPLICATE, DONE, DUPLICATE),
        row(
            "retried",
            of(0, 0, 1, 0),
            state("RETRYING", 1, 1, "failed"),
            state("QUEUED", 2, 2, ""),
            state("SUCCEEDED", 2, 2, "succeeded")),
        row(
            "worker lost, run again",
            of(0, 0, 0, 1),
            state("QUEUED", 1, 2, "lost"),
            state("SUCCEEDED", 1, 2, "succeeded")),
        row(
            "snoozed",
            of(0, 0, 0, 0),
            state("RETRYING", 1, 1, "snoozed"),
            state("SUCCEEDED", 1, 2, "succeeded")),
        row("cancelled before it ran", of(0, 0, 0, 0), state("CANCELLED", 0, 0, "")),
        row(
            "an event of a later version",
            of(0, 0, 0, 0),
            DONE,
            "{'event':'new','job':'a','at':1}"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("stories")
  void shouldCountRunsAndFinalStates(String story, Counted expected, List<String> events) {
    LifecycleTally tally = new LifecycleTally(List.of("a"));

    events.forEach(event -> add(tally, "a", event));

    LifecycleCounts counts = tally.counts();
    Promise once = counts.promises().getFirst();
    assertEquals(1, once.checked(), story);
    assertEquals(
        expected,
        new Counted(once.violations(), counts.duplicates(), counts.retries(), counts.lost()),
        story);
  }

  @Test
  void shouldBeComplete_whenEveryAcceptedJobIsFinal() {
    LifecycleTally tally = new LifecycleTally(List.of("a", "b"));

    add(tally, "a", DONE);
    add(tally, "a", DONE);
    assertFalse(tally.complete());
    add(tally, "b", DONE.replace("'a'", "'b'"));

    assertTrue(tally.complete());
  }

  @Test
  void shouldPassOverJobsOfOthers() {
    LifecycleTally tally = new LifecycleTally(List.of("b"));

    add(tally, "a", DUPLICATE);

    assertEquals(0, tally.counts().duplicates());
    assertEquals(0, tally.finished());
  }

  @Test
  void shouldMeasureFromTheFirstEventToTheLastFinalState() {
    LifecycleTally tally = new LifecycleTally(List.of("a"));

    add(tally, "a", QUEUED.replace("1000", "700"));
    add(tally, "a", DONE);
    add(tally, "a", DUPLICATE);

    assertEquals(300, tally.counts().spanMs());
  }

  @ParameterizedTest
  @MethodSource("unreadable")
  void shouldCountTheRecord_whenItCannotBeRead(String key, String value) {
    LifecycleTally tally = new LifecycleTally(List.of("a"));

    add(tally, key, value);
    add(tally, "a", DONE);

    Promise readable = tally.counts().promises().getLast();
    assertEquals(2, readable.checked());
    assertEquals(1, readable.violations());
  }

  static Stream<Arguments> unreadable() {
    return Stream.of(
        Arguments.of("a", ""),
        Arguments.of("a", "{'event':"),
        Arguments.of("a", "{'event':'state','job':'a','state':'DEAD'}"),
        Arguments.of("", DONE),
        Arguments.of("b", DONE));
  }

  private static Arguments row(String story, Counted expected, String... events) {
    return Arguments.of(story, expected, List.of(events));
  }

  private static Counted of(long onceViolations, long duplicates, long retries, long lost) {
    return new Counted(onceViolations, duplicates, retries, lost);
  }

  private static String state(String state, int attempt, int dispatch, String outcome) {
    String field = outcome.isEmpty() ? "" : ",'outcome':'" + outcome + "'";
    return "{'event':'state','job':'a','at':1000,'state':'%s','attempt':%d,'dispatch':%d%s}"
        .formatted(state, attempt, dispatch, field);
  }

  private static void add(LifecycleTally tally, String key, String event) {
    tally.add(key, event.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }
}
