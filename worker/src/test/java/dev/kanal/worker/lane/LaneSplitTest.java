package dev.kanal.worker.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.channel.Channel;
import dev.kanal.common.job.Priority;
import dev.kanal.worker.lane.LaneSplit.Claim;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LaneSplitTest {
  private static final int MOST = LaneSize.LANES_MAX;

  @ParameterizedTest
  @CsvSource({
    "14, 40, 20, 8, 8",
    "7, 41, 20, 6, 3",
    "7, 1000, 20, 8, 1",
    "1, 40, 20, 2, 1",
    "0, 40, 20, 1, 1",
  })
  void shouldGiveFurtherLanes(int further, double a, double b, int ofA, int ofB) {
    Map<Channel, Integer> split =
        LaneSplit.divide(further, List.of(claim("a", MOST, 1, a), claim("b", MOST, 1, b)));
    assertEquals(Map.of(channel("a"), ofA, channel("b"), ofB), split);
  }

  @Test
  void shouldGiveNoMoreThanAreWished() {
    List<Claim> claims = List.of(claim("a", 2, 1, 1_000), claim("b", 1, 1, 1_000));
    assertEquals(Map.of(channel("a"), 2, channel("b"), 1), LaneSplit.divide(100, claims));
  }

  @Test
  void shouldLeaveALaneWhereItIs_untilAnotherIsTwiceAsBusy() {
    Claim has = claim("b", 2, 2, 20);
    assertEquals(
        Map.of(channel("a"), 1, channel("b"), 2),
        LaneSplit.divide(1, List.of(claim("a", 2, 1, 39), has)));
    assertEquals(
        Map.of(channel("a"), 2, channel("b"), 1),
        LaneSplit.divide(1, List.of(claim("a", 2, 1, 41), has)));
  }

  @Test
  void shouldKeepTheBound_whenAllAreBusy() {
    List<Claim> claims = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      claims.add(claim("queue-" + i, MOST, 1 + i % MOST, i));
    }
    Map<Channel, Integer> split = LaneSplit.divide(LaneSplit.FURTHER_MOST, claims);
    assertEquals(
        200 + LaneSplit.FURTHER_MOST, split.values().stream().mapToInt(Integer::intValue).sum());
    assertTrue(split.values().stream().allMatch(lanes -> lanes >= 1 && lanes <= MOST));
  }

  private static Claim claim(String queue, int wished, int has, double perSecond) {
    return new Claim(channel(queue), wished, has, perSecond);
  }

  private static Channel channel(String queue) {
    return new Channel(queue, Priority.NORMAL);
  }
}
