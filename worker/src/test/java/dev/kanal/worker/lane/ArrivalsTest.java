package dev.kanal.worker.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kanal.common.clock.ManualClocks;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ArrivalsTest {
  private final ManualClocks time = new ManualClocks();
  private final Arrivals arrivals = new Arrivals(time.clocks().ticker());

  /** Offsets in the order of their coming; {@code +} lets two seconds pass. */
  @ParameterizedTest
  @CsvSource({
    "in their order, 0 1 2 + 3 + + 4 5, ''",
    "two lanes share the partition, 10 11 5 6, ''",
    "one lane was slow, 10 + 5 11 6, ''",
    "nothing came for a while, 10 + + 5 11 10, 5 10",
    "other records came meanwhile, 10 + 11 + 5 11 12 10, 5 10",
    "all come again, 0 1 2 + + 0 1 2 3, 0 1 2",
    "long after, 10 + + + + + + + + 9, 9",
  })
  void shouldTellWhatComesBehindWhatCameLongBefore(String story, String coming, String behind) {
    List<String> found = new ArrayList<>();
    for (String each : coming.split(" ")) {
      if (each.equals("+")) {
        time.advance(Arrivals.APART);
      } else if (arrivals.isBehind(record(0, Long.parseLong(each)))) {
        found.add(each);
      }
    }
    assertEquals(behind, String.join(" ", found), story);
    assertEquals(false, arrivals.isBehind(record(1, 0)), "another partition");
  }

  @Test
  void shouldKnowNothing_ofMorePartitionsThanItRemembers() {
    for (int partition = 0; partition <= Arrivals.PARTITIONS_MAX; partition++) {
      assertEquals(false, arrivals.isBehind(record(partition, 7)));
    }
    time.advance(Arrivals.APART.multipliedBy(2));
    assertEquals(true, arrivals.isBehind(record(0, 7)));
    assertEquals(false, arrivals.isBehind(record(Arrivals.PARTITIONS_MAX, 7)));
  }

  private static ConsumerRecord<byte[], byte[]> record(int partition, long offset) {
    return new ConsumerRecord<>("t", partition, offset, new byte[0], new byte[0]);
  }
}
