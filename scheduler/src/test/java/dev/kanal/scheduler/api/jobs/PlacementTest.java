package dev.kanal.scheduler.api.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.clock.ManualClocks;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.log.Shards;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class PlacementTest {
  private static final int SHARDS = 16;

  private final ManualClocks time = new ManualClocks();
  private final Placement placement =
      new Placement(new Shards(SHARDS), _ -> null, time.clocks().ticker(), new Random(7));
  private final JobSpec anywhere = JobSpec.of("t", JsonBytes.NULL);

  @Test
  void shouldStayWithAShard_forAsManyJobsAsGoTogether() {
    for (int stay = 0; stay < 50; stay++) {
      Set<Integer> shards = new HashSet<>();
      for (int job = 0; job < Placement.STAY_JOBS; job++) {
        shards.add(placement.shardOf(anywhere));
      }
      assertEquals(1, shards.size());
    }
  }

  @Test
  void shouldSpreadOverAllShards_inTime() {
    Set<Integer> shards = new HashSet<>();
    for (int stay = 0; stay < 200; stay++) {
      shards.add(placement.shardOf(anywhere));
      time.advance(Placement.STAY);
    }
    assertEquals(SHARDS, shards.size());
  }

  @Test
  void shouldSpreadOverAllShards_whenMuchComesAtOnce() {
    int[] jobs = new int[SHARDS];
    int all = 1_000 * Placement.STAY_JOBS;
    for (int job = 0; job < all; job++) {
      jobs[placement.shardOf(anywhere)]++;
    }
    for (int each : jobs) {
      assertTrue(each > all / SHARDS / 2 && each < 2 * all / SHARDS, () -> each + " of " + all);
    }
  }
}
