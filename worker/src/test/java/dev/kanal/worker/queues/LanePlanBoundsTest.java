package dev.kanal.worker.queues;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kanal.common.channel.Channel;
import dev.kanal.common.job.Priority;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** However many channels there are, a look is about a bounded number of them. */
final class LanePlanBoundsTest {
  private static final int ALL = 3_000;
  private static final long MINUTE = Duration.ofMinutes(1).toNanos();
  private static final Map<Channel, Map<TopicPartition, Long>> ENDS =
      IntStream.range(0, ALL)
          .mapToObj(number -> "queue-" + number)
          .collect(
              Collectors.toMap(
                  queue -> new Channel(queue, Priority.NORMAL),
                  queue -> Map.of(new TopicPartition(queue, 0), 1L)));

  private final LanePlan plan =
      new LanePlan(
          new OnDemand(
              0,
              ALL,
              Duration.ofSeconds(10),
              Duration.ofSeconds(4),
              Duration.ofSeconds(5),
              Duration.ofSeconds(1),
              Duration.ofSeconds(10)));

  LanePlanBoundsTest() {
    Set<Channel> all = ENDS.keySet();
    plan.follow(all.stream().collect(Collectors.toMap(Function.identity(), _ -> Set.of())));
  }

  @Test
  void shouldTakeThousandsOfNewChannelsAtOnce_andAskGroupsInBoundedNumbers() {
    assertEquals(ENDS.keySet(), plan.toFind().keySet());
    Set<Channel> empty =
        ENDS.keySet().stream().skip(LanePlan.DOUBTFUL_AT_ONCE + 1L).collect(Collectors.toSet());

    assertEquals(ALL, plan.found(ENDS.keySet(), ENDS, empty, 0).size());

    assertEquals(Map.of(), plan.toFind());
    Map<Channel, Map<TopicPartition, Long>> asked = plan.toAsk(0);
    assertEquals(LanePlan.DOUBTFUL_AT_ONCE, asked.size());
    assertEquals(List.of(), plan.answered(asked, asked.keySet(), 0));
    assertEquals(1, plan.toAsk(0).size());
  }

  @Test
  void shouldAskAboutABoundedNumberOfIdleChannels() {
    ENDS.keySet().forEach(channel -> plan.open(channel, new ChannelState.Turn(0, 0)));
    plan.saw(ENDS.keySet(), ENDS, 0);

    Map<Channel, Map<TopicPartition, Long>> asked = plan.toAsk(MINUTE);

    assertEquals(LanePlan.IDLE_AT_ONCE, asked.size());
    assertEquals(asked.size(), plan.answered(asked, asked.keySet(), MINUTE).size());
  }

  @Test
  void shouldCheckABoundedNumber_andThenOthers() {
    plan.found(ENDS.keySet(), ENDS, ENDS.keySet(), 0);
    for (int left = ALL; left > 0; left -= LanePlan.CHECKED_AT_ONCE) {
      Set<Channel> checked = plan.toCheck(MINUTE).keySet();
      assertEquals(Math.min(left, LanePlan.CHECKED_AT_ONCE), checked.size());
      assertEquals(List.of(), plan.saw(checked, Map.of(), MINUTE));
    }
    assertEquals(Map.of(), plan.toCheck(MINUTE));
  }
}
