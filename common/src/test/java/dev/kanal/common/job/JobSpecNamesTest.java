package dev.kanal.common.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JobSpecNamesTest {
  private static final String CHARACTERS = "aZ09._:/-_ @ä\n";

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void shouldTakeTheNamesThatThePatternsTake(long seed) {
    Random random = new Random(seed);
    int taken = 0;
    for (int i = 0; i < 20_000; i++) {
      StringBuilder name = new StringBuilder();
      for (int length = random.nextInt(5); length > 0; length--) {
        name.append(CHARACTERS.charAt(random.nextInt(CHARACTERS.length())));
      }
      check(name.toString());
      taken += JobSpec.isType(name.toString()) ? 1 : 0;
    }
    assertTrue(taken > 1_000, "seed " + seed);
  }

  @Test
  void shouldHoldToTheSameLengths() {
    for (int length : new int[] {1, 62, 63, 64, 127, 128, 129}) {
      check("a".repeat(length));
    }
  }

  private static void check(String name) {
    assertEquals(JobSpec.TYPE.matcher(name).matches(), JobSpec.isType(name), name);
    assertEquals(JobSpec.QUEUE.matcher(name).matches(), JobSpec.isQueue(name), name);
  }
}
