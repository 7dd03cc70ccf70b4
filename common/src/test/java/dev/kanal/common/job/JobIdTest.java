package dev.kanal.common.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class JobIdTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");

  @Test
  void shouldCarryItsShardAndTime_forEveryShard() {
    Random random = new Random(1);
    for (int shard = 0; shard < JobId.MAX_SHARDS; shard++) {
      JobId id = JobId.create(shard, NOW, random);
      assertEquals(shard, id.shard());
      assertEquals(NOW, id.createdAt());
      assertEquals(id, JobId.parse(id.toString()));
      assertEquals(id, JobId.fromBytes(id.toBytes(), 0));
      UUID uuid = UUID.fromString(id.toString());
      assertEquals(7, uuid.version());
      assertEquals(2, uuid.variant());
    }
  }

  @Test
  void shouldSortByTime_asTextAsBytesAndAsValues() {
    Random random = new Random(2);
    JobId[] ids = new JobId[500];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = JobId.create(random.nextInt(16), NOW.plusMillis(i), random);
    }
    for (int i = 1; i < ids.length; i++) {
      assertTrue(ids[i - 1].compareTo(ids[i]) < 0);
      assertTrue(ids[i - 1].toString().compareTo(ids[i].toString()) < 0);
      assertTrue(Arrays.compareUnsigned(ids[i - 1].toBytes(), ids[i].toBytes()) < 0);
    }
  }

  @Test
  void shouldRefuseWhatIsNoJobId() {
    for (String text :
        new String[] {
          "",
          "x",
          "0190b5a4-0000-4000-8000-000000000000",
          "0190b5a4-0000-7000-c000-000000000000",
          "0190b5a4-0000-7000-8000-00000000000g",
          "0190b5a400007000800000000000000000000"
        }) {
      assertThrows(IllegalArgumentException.class, () -> JobId.parse(text), text);
    }
    assertThrows(IllegalArgumentException.class, () -> JobId.of(JobId.MAX_SHARDS, 0, 0));
    assertThrows(IllegalArgumentException.class, () -> JobId.of(-1, 0, 0));
  }
}
