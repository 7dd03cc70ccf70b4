package dev.kanal.worker.lost;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.clock.ManualClocks;
import dev.kanal.common.worker.KnownWorkers;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SilencesTest {
  private static final Duration STEP = Duration.ofMillis(100);
  private static final String SELF = "me#1";
  private static final String OTHER = "other#1";

  private final ManualClocks time = new ManualClocks();
  private final Silences silences = new Silences(SELF, time.clocks().ticker());

  /**
   * Each line is a story: a letter is a second. {@code b} both are heard, {@code m} only this
   * worker is, {@code o} only the other, {@code -} nobody; in capitals: at its end the other is
   * handled as lost. {@code g}: the other reports that it stops, and this one is heard.
   */
  @ParameterizedTest
  @CsvSource({
    "it lives, bbbbbbbbbb",
    "it dies and is looked for at growing intervals, bbmMMmMmmmMmmmmmmmMmmmmmmmmmmmmm",
    "it misses every other pulse, bmbmbmbmb",
    "it was never heard, mmmmmmmm",
    "it says that it stops, bbgmmmmm",
    "it stops and is silent, bbmMMgmmmmm",
    "Kafka is away, bb-------------",
    "Kafka comes back and the other has time to say something, bb------mmbbbbb",
    "Kafka comes back and the other does not, bb------mmMMm",
    "one pulse of this one is missing, bbm-MmM",
    "this one stood still and hears itself first, bb--------mbbbbb",
    "only this one is cut off, bboooooooo",
    "it was slow once and has twice the time then, bbmMMbmmmbmmmmMMm",
    "it was slow twice, bbmMMbmmmmMMbmmmmmmmmmmMM",
  })
  void shouldLookAfterTheOther_whenItIsSilentAndThisOneIsNot(String story, String seconds) {
    StringBuilder seen = new StringBuilder();
    for (int i = 0; i < seconds.length(); i++) {
      char second = seconds.charAt(i);
      char what = Character.toLowerCase(second);
      if (what == 'b' || what == 'm' || what == 'g') {
        silences.heard(SELF);
      }
      if (what == 'b' || what == 'o') {
        silences.heard(OTHER);
      }
      if (what == 'g') {
        silences.gone(OTHER);
      }
      boolean looked = passes();
      seen.append(looked ? Character.toUpperCase(second) : what);
    }
    assertEquals(seconds, seen.toString(), story);
  }

  /** A second, with looks as often as in a real worker. */
  private boolean passes() {
    Set<String> looked = new TreeSet<>();
    for (Duration past = Duration.ZERO;
        past.compareTo(Duration.ofSeconds(1)) < 0;
        past = past.plus(STEP)) {
      time.advance(STEP);
      looked.addAll(silences.due());
    }
    return looked.contains(OTHER);
  }

  @Test
  void shouldStopLooking_afterAMinute() {
    silences.heard(SELF);
    silences.heard(OTHER);
    int looks = 0;
    int last = 0;
    for (int second = 1; second <= 300; second++) {
      silences.heard(SELF);
      if (passes()) {
        looks++;
        last = second;
      }
    }
    assertEquals(Silences.LOOKS, looks);
    assertTrue(last >= 60 && last <= 70, () -> "the last look came too early or late");
    assertEquals(0, silences.size());
  }

  @Test
  void shouldHaveNoMorePatienceThanKafka_withOneThatIsSlowAgainAndAgain() {
    for (int slow = 0; slow < 10; slow++) {
      silences.heard(OTHER);
      while (silences.isHeard(OTHER)) {
        silences.heard(SELF);
        passes();
      }
    }
    silences.heard(OTHER);
    int seconds = 0;
    while (silences.isHeard(OTHER)) {
      silences.heard(SELF);
      passes();
      seconds++;
    }
    assertEquals(Silences.PATIENCE_MAX.toSeconds(), seconds);
  }

  @Test
  void shouldWatchSoManyAndNoMore() {
    for (int i = 0; i <= KnownWorkers.MAX; i++) {
      silences.heard("w#" + i);
    }
    assertEquals(KnownWorkers.MAX, silences.size());
    assertFalse(silences.isHeard("w#" + KnownWorkers.MAX));
  }
}
