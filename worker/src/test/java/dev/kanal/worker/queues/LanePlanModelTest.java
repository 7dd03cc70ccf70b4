package dev.kanal.worker.queues;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.worker.queues.LanePlanWorld.Fault;
import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Random lives of channels, and lives in which something is done wrong. A seed that fails is in the
 * message; it alone is run by {@code -Dkanal.model.seed=N}.
 */
final class LanePlanModelTest {
  private static final int SEEDS = 10;
  private static final int LOOKS = 300;
  private static final long SEED = Long.getLong("kanal.model.seed", -1);

  /**
   * @param load how many tasks come in a second
   */
  @ParameterizedTest
  @CsvSource({
    "30, 2, 16, 0.2",
    "30, 2, 10, 5",
    "40, 0, 12, 100",
    "100, 16, 200, 3",
    "110, 4, 20, 1",
  })
  void shouldOverlookNobodyAndLetNobodyWait(int channels, int kept, int most, double load) {
    LongStream seeds = SEED >= 0 ? LongStream.of(SEED) : LongStream.range(0, SEEDS);
    seeds.forEach(
        seed ->
            new LanePlanWorld(bounds(kept, most), channels, load, seed, Fault.NONE).live(LOOKS));
  }

  @ParameterizedTest
  @CsvSource({
    "DEAF, 5, Nobody sees to",
    "HASTY, 5, Too early an end of the lanes",
    "UNFAIR, 100, Too long a wait",
  })
  void shouldFindAFault(Fault fault, double load, String what) {
    AssertionError found =
        assertThrows(
            AssertionError.class,
            () -> {
              for (long seed = 0; seed < SEEDS; seed++) {
                new LanePlanWorld(bounds(2, 10), 30, load, seed, fault).live(LOOKS);
              }
            });
    String message = requireNonNull(found.getMessage());
    assertTrue(message.startsWith(what), message);
  }

  private static OnDemand bounds(int kept, int most) {
    return new OnDemand(
        kept,
        most,
        Duration.ofSeconds(10),
        Duration.ofSeconds(4),
        Duration.ofSeconds(5),
        DormantWatch.OVERLAP,
        Duration.ofSeconds(20));
  }
}
