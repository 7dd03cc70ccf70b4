package dev.kanal.check.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.check.promise.Promise;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A judge that finds nothing proves nothing: each promise is broken once, and alone. */
final class JudgeTest {
  private static final Limits LIMITS =
      new Limits(
          Map.of("few", 2),
          Map.of("slow", new Limits.Rate(2, 1_000_000)),
          Set.of("paused"),
          Story.at(5_000));

  /** Has something to check for every promise, and breaks none. */
  private static Story clean() {
    Story story = new Story().limited(LIMITS);
    story.job(1).run(1, 10, 20).done(1, 25);
    story
        .job(2, spec -> Story.timed(spec, new Spec.Timing(1_000_000, 0, 0, 0)))
        .run(2, 1_000, 1_010)
        .end(
            new JobEnd(
                Story.id(2),
                "SUCCEEDED",
                "",
                2,
                1,
                Story.at(1_015),
                List.of(new JobEnd.Tried(1, "succeeded", Story.at(1_000), Story.at(1_010))),
                ""));
    story
        .job(3, spec -> Story.timed(spec, new Spec.Timing(0, 500_000, 100_000, 160_000)))
        .run(3, new Story.Nth(1, 1), 10, 110, Run.End.FAILED)
        .run(3, new Story.Nth(2, 2), 270, 280, Run.End.SUCCEEDED)
        .done(3, 285);
    story.keyed(4, "k", 1).keyed(5, "k", 1).keyed(6, "k", 1);
    story.run(4, 10, 20).done(4, 25).run(5, 30, 40).done(5, 45).run(6, 50, 60).done(6, 65);
    for (int index = 7; index < 10; index++) {
      story.job(index, spec -> Story.in(spec, "few"));
    }
    story.run(7, 10, 50).done(7, 55).run(8, 20, 60).done(8, 65).run(9, 56, 70).done(9, 75);
    story.dispatched("slow", 0, 1, 500, 1_000, 1_500, 4_000, 4_001);
    story.job(10, spec -> Story.in(spec, "slow")).run(10, 10, 20).done(10, 25);
    story.job(11, spec -> Story.in(spec, "paused")).run(11, 5_000, 5_010).done(11, 5_015);
    story
        .job(12, spec -> Story.ending(spec, "CANCELLED", "SUCCEEDED"))
        .run(12, new Story.Nth(1, 1), 10, 120, Run.End.CUT)
        .end(12, "CANCELLED", -1, 100)
        .cancelled(12, 200, 101);
    // Nothing of it ran, so its worker may hand it back at any time.
    story
        .job(
            15,
            spec ->
                Story.timed(Story.ending(spec, "DEAD"), new Spec.Timing(0, 500_000, 100_000, 0)))
        .end(
            new JobEnd(
                Story.id(15),
                "DEAD",
                "",
                -1,
                1,
                Story.at(7_005),
                List.of(new JobEnd.Tried(1, "snoozed", Story.at(7_000), Story.at(7_000))),
                ""));
    story.job(13).run(13, 10, 20).done(13, 25).cancelled(13, 409, 40);
    story.job(14).run(14, 10, 20).done(14, 25);
    story.repeated(new Repeat(14, 3, Set.of(Story.id(14)), 422));
    return story.schedule(500, 3_500, 1_000, 2_000, 3_000).ranForATick("tick-0");
  }

  @Test
  void shouldFindNothing_whenAllIsKept() {
    assertEquals(List.of(), clean().broken());
    for (Promise promise : Judge.judge(clean().history())) {
      assertTrue(promise.checked() > 0, promise::text);
    }
  }

  private static Arguments breaks(String promise, Story story) {
    return Arguments.of(promise, story);
  }

  static Stream<Arguments> endings() {
    return Stream.of(
        breaks("every accepted job ends", clean().job(20)),
        breaks(
            "every accepted job ends",
            clean().job(20).end(new JobEnd(Story.id(20), "", "", -1, 0, 0, List.of(), ""))),
        breaks("each ends in a state that it may end in", clean().job(20).end(20, "DEAD", -1, 9)),
        breaks(
            "what is final stays as it is",
            clean()
                .job(20, spec -> Story.ending(spec, "DEAD"))
                .end(
                    new JobEnd(
                        Story.id(20), "DEAD", "", -1, 1, Story.at(9), List.of(), "SUCCEEDED"))),
        breaks(
            "a result is that of one run of its job",
            clean().job(20).run(20, 10, 20).end(20, "SUCCEEDED", 1, 25)),
        breaks(
            "a result is that of one run of its job",
            clean().job(20).run(20, new Story.Nth(1, 1), 10, 20, Run.End.FAILED).done(20, 25)),
        breaks(
            "no more attempts than maxAttempts",
            clean().job(20).run(20, new Story.Nth(4, 4), 10, 20, Run.End.SUCCEEDED).done(20, 25)));
  }

  static Stream<Arguments> times() {
    Spec.Timing delayed = new Spec.Timing(1_000_000, 0, 0, 0);
    Spec.Timing bounded = new Spec.Timing(0, 100_000, 0, 0);
    Spec.Timing retried = new Spec.Timing(0, 0, 0, 160_000);
    Spec.Timing short100 = new Spec.Timing(0, 0, 100_000, 0);
    return Stream.of(
        breaks(
            "no start before its time",
            clean().job(20, s -> Story.timed(s, delayed)).run(20, 999, 1_010).done(20, 1_020)),
        breaks(
            "no start before its time",
            clean()
                .job(20, s -> Story.timed(Story.ending(s, "DEAD"), delayed))
                .end(tried(20, "DEAD", 999))),
        breaks(
            "no start after its deadline",
            clean().job(20, s -> Story.timed(s, bounded)).run(20, 1_101, 1_110).done(20, 1_120)),
        breaks(
            "no start after its deadline",
            clean()
                .job(20, s -> Story.timed(Story.ending(s, "DEAD"), bounded))
                .end(tried(20, "DEAD", 101))),
        breaks(
            "no retry before its back-off",
            clean()
                .job(20, s -> Story.timed(s, retried))
                .run(20, new Story.Nth(1, 1), 10, 20, Run.End.FAILED)
                .run(20, new Story.Nth(2, 2), 179, 190, Run.End.SUCCEEDED)
                .done(20, 195)),
        breaks(
            "no run longer than its time-out",
            clean().job(20, s -> Story.timed(s, short100)).run(20, 0, 2_101).done(20, 2_200)));
  }

  static Stream<Arguments> limits() {
    String order = "same key: started in the order submitted";
    return Stream.of(
        breaks(
            order,
            clean()
                .keyed(20, "x", 1)
                .keyed(21, "x", 1)
                .run(21, 10, 20)
                .done(21, 25)
                .run(20, 130, 140)
                .done(20, 145)),
        // Nothing overlaps, but the first is to be tried again.
        breaks(
            order,
            clean()
                .keyed(20, "x", 1)
                .keyed(21, "x", 1)
                .run(20, new Story.Nth(1, 1), 10, 20, Run.End.FAILED)
                .run(21, 130, 140)
                .done(21, 145)
                .run(20, new Story.Nth(2, 2), 250, 260, Run.End.SUCCEEDED)
                .done(20, 265)),
        breaks(
            order,
            clean()
                .keyed(20, "x", 2)
                .keyed(21, "x", 2)
                .keyed(22, "x", 2)
                .run(22, 10, 20)
                .done(22, 25)
                .run(20, 130, 140)
                .done(20, 145)
                .run(21, 150, 160)
                .done(21, 165)),
        breaks(
            "same key: no more than keyLimit run at once",
            clean()
                .keyed(20, "x", 1)
                .keyed(21, "x", 1)
                .run(20, 10, 100)
                .done(20, 15)
                .run(21, 90, 140)
                .done(21, 145)),
        breaks(
            "no more of a queue run at once than its concurrency",
            clean().job(20, s -> Story.in(s, "few")).run(20, 40, 45).done(20, 50)),
        breaks(
            "no more of a queue are sent than its rate allows", clean().dispatched("slow", 4_010)),
        breaks(
            "nor started, with 1 s for the way to the worker", slowStarts(100, 101, 102, 103, 104)),
        breaks(
            "a paused queue starts nothing",
            clean().job(20, s -> Story.in(s, "paused")).run(20, 4_999, 5_001).done(20, 5_002)));
  }

  static Stream<Arguments> calls() {
    return Stream.of(
        breaks(
            "a cancel answered 200 is never undone by a success",
            clean().job(20).run(20, 10, 20).done(20, 25).cancelled(20, 200, 22)),
        breaks(
            "a cancel answered 200 is never undone by a success",
            clean().job(20).run(20, 10, 20).done(20, 25).cancelled(20, 500, 22)),
        breaks(
            "a cancel answered 409 came after another end",
            clean()
                .job(20, s -> Story.ending(s, "CANCELLED"))
                .end(20, "CANCELLED", -1, 9)
                .cancelled(20, 409, 22)),
        breaks(
            "a cancel ends the run under way",
            clean()
                .job(20, s -> Story.ending(s, "CANCELLED"))
                .run(20, new Story.Nth(1, 1), 10, 5_023, Run.End.CUT)
                .end(20, "CANCELLED", -1, 9)
                .cancelled(20, 200, 22)),
        breaks(
            "an idempotent repeat is the same job",
            clean().repeated(new Repeat(20, 2, Set.of("a", "b"), 422))),
        breaks(
            "an idempotent repeat is the same job",
            clean()
                .job(20)
                .run(20, 10, 20)
                .done(20, 25)
                .repeated(new Repeat(20, 2, Set.of("another"), 422))),
        breaks(
            "the same idempotency key with another body: 422",
            clean().repeated(new Repeat(20, 2, Set.of("a"), 202))),
        breaks("each tick of a schedule is one job", clean().schedule(0, 3_500, 1_000, 3_000)),
        breaks("each tick of a schedule is one job", clean().schedule(0, 3_500, 2_000, 3_000)),
        breaks("each tick of a schedule is one job", clean().schedule(500, 3_500, 1_000, 2_000)),
        breaks(
            "each tick of a schedule is one job",
            clean().schedule(500, 2_500, 1_000, 2_000, 2_000)),
        breaks("each tick of a schedule is one job", clean().schedule(500, 2_500)),
        breaks("each tick of a schedule is one job", clean().ranForATick("unlisted")),
        breaks(
            "no attempt runs twice (nobody was killed)",
            clean()
                .job(20)
                .run(20, 10, 20)
                .run(20, new Story.Nth(1, 2), 30, 40, Run.End.SUCCEEDED)
                .done(20, 45)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"endings", "times", "limits", "calls"})
  void shouldFindJustThat_whenOnePromiseIsBroken(String promise, Story story) {
    assertEquals(List.of(promise), story.broken());
  }

  @Test
  void shouldAllowRepeatedRuns_whenProcessesWereKilled() {
    Story story =
        clean()
            .keyed(20, "x", 1)
            .keyed(21, "x", 1)
            .run(20, new Story.Nth(1, 1), 10, 500, Run.End.CUT)
            .run(20, new Story.Nth(1, 2), 100, 110, Run.End.SUCCEEDED)
            .done(20, 115)
            .run(21, 200, 210)
            .done(21, 215)
            .killed();

    assertEquals(List.of(), story.broken());
    assertEquals(1, Judge.duplicates(story.history()));
  }

  @Test
  void shouldNotCountARunAgain_whenTheFirstWasPutOff() {
    Story story =
        clean()
            .job(20)
            .run(20, new Story.Nth(1, 1), 10, 20, Run.End.SNOOZED)
            .run(20, new Story.Nth(1, 2), 30, 40, Run.End.SUCCEEDED)
            .done(20, 45);

    assertEquals(List.of(), story.broken());
    assertEquals(0, Judge.duplicates(story.history()));
  }

  @Test
  void shouldLeaveTheOrderOpen_whenALineOfTheKeyWasSentTwice() {
    Story story =
        clean().keyed(20, "x", 1).keyed(21, "x", 1).run(21, 10, 20).done(21, 25).unsure("x");
    story.run(20, 130, 140).done(20, 145);

    assertEquals(List.of(), story.broken());
  }

  @Test
  void shouldGoByWhenALineWasAcceptedAtLast_whenAnEarlierOneWasTurnedAway() {
    Story story = clean().keyed(21, "x", 1).run(21, 10, 20).done(21, 25);
    story.sentAt(30).keyed(20, "x", 1).run(20, 130, 140).done(20, 145);

    assertEquals(List.of(), story.broken());
  }

  @Test
  void shouldPassOver_whatBecameOfAJobWhoseAcceptanceWasNotAnswered() {
    assertEquals(List.of(), clean().cancelled(77, 200, 22).broken());
  }

  @Test
  void shouldLetTheFollowersOfAKeyPass_whenTheirHeadNeverRan() {
    Story story =
        clean()
            .keyed(20, "x", 1)
            .job(21, spec -> spec)
            .end(20, "SUCCEEDED", -1, 5)
            .run(21, 10, 20)
            .done(21, 25);

    assertEquals(
        List.of("a result is that of one run of its job"),
        story.broken(),
        "a success without a run is found, and nothing else");
  }

  private static Story slowStarts(long... times) {
    Story story = clean();
    int index = 20;
    for (long time : times) {
      story
          .job(index, spec -> Story.in(spec, "slow"))
          .run(index, time, time + 5)
          .done(index, time + 9);
      index++;
    }
    return story;
  }

  private static JobEnd tried(int index, String state, long started) {
    return new JobEnd(
        Story.id(index),
        state,
        "",
        -1,
        1,
        Story.at(started + 5),
        List.of(new JobEnd.Tried(1, "failed", Story.at(started), Story.at(started + 5))),
        "");
  }
}
