package dev.kanal.common.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.channel.ReachRule.State;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ReachRuleTest {
  private static final long SILENT = ReachRule.SILENT_AFTER.toNanos();
  private static final long AWAY = ReachRule.AWAY_AFTER.toNanos();
  private static final long ORIGIN = -Duration.ofHours(1).toNanos();

  private final ReachRule rule = new ReachRule();

  @Test
  void shouldBeAway_whenSeveralQuestionsStayUnanswered() {
    rule.asked(ORIGIN);
    rule.missed(ORIGIN + SILENT);
    rule.asked(ORIGIN + SILENT);
    rule.missed(ORIGIN + AWAY - 1);
    assertEquals(State.IN_REACH, rule.state());

    rule.missed(ORIGIN + AWAY);

    assertEquals(State.SILENT, rule.state());
    assertTrue(rule.wantsProof());
  }

  @Test
  void shouldNotBeAway_whenOnlyOneQuestionStaysUnanswered_howeverLong() {
    rule.asked(ORIGIN);
    rule.missed(ORIGIN + AWAY * 100);
    assertEquals(State.IN_REACH, rule.state());

    rule.answered();
    rule.asked(ORIGIN + AWAY * 100);
    rule.missed(ORIGIN + AWAY * 200);

    assertEquals(State.IN_REACH, rule.state());
  }

  @Test
  void shouldCountFromTheFirstQuestionThatStaysUnanswered() {
    rule.asked(ORIGIN);
    rule.asked(ORIGIN + SILENT - 1);
    assertFalse(rule.isSilent(ORIGIN + SILENT - 1));
    assertTrue(rule.isSilent(ORIGIN + SILENT));

    rule.answered();

    assertFalse(rule.isSilent(ORIGIN + SILENT * 9));
  }

  @Test
  void shouldBeBack_onlyWhenItTakesAValue() {
    rule.asked(ORIGIN);
    rule.missed(ORIGIN + SILENT);
    rule.missed(ORIGIN + AWAY);

    rule.answered();
    assertEquals(State.SILENT, rule.state());
    assertTrue(rule.isSilent(ORIGIN + AWAY));
    rule.took(ORIGIN + AWAY);

    assertEquals(State.IN_REACH, rule.state());
    assertFalse(rule.isSilent(ORIGIN + AWAY));
    assertFalse(rule.wantsProof());
  }

  @Test
  void shouldBeClosed_whenItAnswersAndTakesNothing() {
    rule.failed(ORIGIN);
    assertEquals(State.IN_REACH, rule.state());
    assertTrue(rule.wantsProof());
    rule.asked(ORIGIN);
    rule.answered();

    rule.proofFailed(ORIGIN + SILENT);

    assertEquals(State.CLOSED, rule.state());
  }

  @Test
  void shouldNotBeSuspected_whenItTookAnotherValueSince() {
    rule.took(ORIGIN + 5);
    rule.failed(ORIGIN + 4);
    assertFalse(rule.wantsProof());

    rule.failed(ORIGIN + 6);
    assertTrue(rule.wantsProof());
    rule.took(ORIGIN + 7);
    rule.proofFailed(ORIGIN + 8);

    assertEquals(State.IN_REACH, rule.state());
  }
}
