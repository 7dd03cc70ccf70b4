package dev.kanal.bench.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.bench.bare.BarePrototype;
import dev.kanal.bench.run.Measures;
import dev.kanal.bench.run.Trial;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(90)
class BareWholeWayTest {
  @Test
  void shouldMeasureRatesAndCost_whenAllJobsGoTheWholeWay(@TempDir Path directory)
      throws Exception {
    Measures measures = BareWholeWay.of(new Trial(directory, true), 500, 2_000);

    assertEquals(
        Set.of("whole way", "of it, accepted", "processor time"), measures.values().keySet());
    double whole = measures.values().getOrDefault("whole way", 0.0);
    double accepted = measures.values().getOrDefault("of it, accepted", 0.0);
    assertTrue(whole > 0 && whole <= accepted, measures.values()::toString);
  }

  @Test
  void shouldCountEachJobOnce_whenItHasEnded(@TempDir Path directory) throws Exception {
    try (BarePrototype bare = BarePrototype.start(directory, _ -> {})) {
      bare.submit(300);
      bare.awaitDone(300, Duration.ofSeconds(60));
      bare.submit(1);
      bare.awaitDone(301, Duration.ofSeconds(60));

      assertEquals(301, bare.done());
    }
  }
}
