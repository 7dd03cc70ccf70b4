package dev.kanal.worker.queues;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.channel.Channel;
import dev.kanal.common.job.Priority;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** Each decision about a channel, one by one. */
final class LanePlanTest {
  private static final OnDemand BOUNDS =
      new OnDemand(
          1,
          4,
          Duration.ofSeconds(10),
          Duration.ofSeconds(4),
          Duration.ofSeconds(5),
          Duration.ofSeconds(1),
          Duration.ofSeconds(60));
  private static final Channel A = channel("a");
  private static final Channel B = channel("b");
  private static final Channel C = channel("c");
  private static final Channel D = channel("d");
  private static final Channel E = channel("e");

  private final LanePlan plan = new LanePlan(BOUNDS);
  private final Map<Channel, Set<String>> wanted = new HashMap<>();
  private long now;

  @Test
  void shouldKeepTheFirst_andWatchTheOthers() {
    follow(A, B, C);
    assertEquals(List.of(A), plan.toKeep());
    assertEquals(List.of(new LaneStep.Open(A, Set.of(), true)), open(A));

    assertEquals(Set.of(B, C), plan.toFind().keySet());
    List<LaneStep> steps =
        plan.found(Set.of(B, C), Map.of(B, ends(B, 4), C, ends(C, 5)), Set.of(B), now);

    assertEquals(
        Set.of(new LaneStep.Watch(B, ends(B, 4)), new LaneStep.Watch(C, ends(C, 5))),
        Set.copyOf(steps));
    assertEquals(Map.of(), plan.toFind());
    assertEquals(Map.of(C, ends(C, 5)), plan.toAsk(now));
  }

  @Test
  void shouldGiveLanesToANewChannel_onlyIfItsGroupHasNotSettledEverything() {
    follow(A, B);
    plan.found(Set.of(A, B), Map.of(A, ends(A, 4), B, ends(B, 5)), Set.of(), now);

    List<LaneStep> steps = plan.answered(plan.toAsk(now), Set.of(A), now);

    assertEquals(List.of(new LaneStep.Forget(B)), steps);
    assertEquals(List.of(B), plan.waiting());
    assertEquals(List.of(new LaneStep.Open(B, Set.of(), false)), open(B));
    assertEquals(Map.of(), plan.toAsk(now));
  }

  @Test
  void shouldLetANewChannelWait_whenItsTopicIsNotFoundOrItCannotBeOpened() {
    follow(A, B);
    plan.failed(A);
    assertEquals(List.of(), plan.found(Set.of(B), Map.of(), Set.of(), now));
    assertEquals(List.of(A, B), plan.waiting());
  }

  @Test
  void shouldTakeTheLanesAway_whenItHasBeenIdleAndThenWatched() {
    giveLanes(A, B);
    see(B, 7);
    now += seconds(9);
    see(B, 7);
    assertEquals(Map.of(), plan.toAsk(now));

    now += seconds(1);
    assertEquals(Map.of(A, ends(A, 0)), plan.toAsk(now));
    assertEquals(List.of(new LaneStep.Watch(A, ends(A, 0))), answer(Map.of(A, ends(A, 0))));
    assertEquals(Map.of(), plan.toAsk(now));

    now += seconds(1);
    assertEquals(List.of(new LaneStep.Close(A)), answer(plan.toAsk(now)));
    assertEquals(Set.of(B), plan.withLanes().keySet());
  }

  @Test
  void shouldKeepItsLanes_whileItsGroupHasNotSettledEverything() {
    giveLanes(A, B);
    now += seconds(10);
    assertEquals(List.of(), plan.answered(plan.toAsk(now), Set.of(), now));
    assertEquals(Set.of(A), plan.toAsk(now).keySet());
  }

  @Test
  void shouldKeepItsLanes_whenSomethingComesWhileItsGroupIsAsked() {
    giveLanes(A, B);
    now += seconds(10);
    answer(plan.toAsk(now));
    now += seconds(1);
    var asked = plan.toAsk(now);

    assertEquals(List.of(new LaneStep.Forget(A)), plan.came(A, now));

    assertEquals(List.of(), answer(asked));
    now += seconds(9);
    assertEquals(Set.of(B), plan.toAsk(now).keySet());
  }

  @Test
  void shouldBeAskedAboutAgain_whenTheAnswerIsAboutEarlierOffsets() {
    follow(A);
    plan.found(Set.of(A), Map.of(A, ends(A, 4)), Set.of(), now);
    var asked = plan.toAsk(now);
    plan.follow(Map.of());
    follow(A);
    plan.found(Set.of(A), Map.of(A, ends(A, 5)), Set.of(), now);

    assertEquals(List.of(), answer(asked));

    assertEquals(Map.of(A, ends(A, 5)), plan.toAsk(now));
  }

  @Test
  void shouldKeepItsLanes_whenTheAnswerIsAboutEarlierOffsets() {
    giveLanes(A, B);
    now += seconds(10);
    var asked = plan.toAsk(now);
    see(A, 1);
    now += seconds(10);

    assertEquals(List.of(), answer(asked));
  }

  @Test
  void shouldNotBeWatchedAnyMore_whenItsEndsHaveMoved() {
    giveLanes(A, B);
    now += seconds(10);
    answer(Map.of(A, ends(A, 0)));
    assertEquals(List.of(new LaneStep.Forget(A)), see(A, 1));
  }

  @Test
  void shouldBeInAHurry_whenMoreThanHalfHaveLanes() {
    giveLanes(A, B, C);
    now += seconds(4) - 1;
    assertEquals(Map.of(), plan.toAsk(now));
    now++;
    assertEquals(Set.of(A, B), plan.toAsk(now).keySet());
  }

  @Test
  void shouldBeInAHurry_whenOthersWait() {
    giveLanes(A, B);
    now += seconds(4);
    assertEquals(Map.of(), plan.toAsk(now));
    follow(C);
    plan.failed(C);
    assertEquals(Set.of(A), plan.toAsk(now).keySet());
  }

  @Test
  void shouldGetItsLanesBack_whenSomethingComes() {
    dormant(B, 4);
    assertEquals(List.of(new LaneStep.Forget(B)), plan.came(B, now));
    assertTrue(plan.hasRoomFor(B));
    assertEquals(List.of(new LaneStep.Open(B, Set.of(), false)), open(B));
    assertEquals(List.of(), plan.came(B, now));
  }

  @Test
  void shouldGetLanes_whenATopicOfASingleTypeIsMade() {
    dormant(B, 4);
    List<LaneStep> steps = plan.follow(Map.of(A, Set.of(), B, Set.of("own")));
    assertEquals(List.of(new LaneStep.Forget(B)), steps);
    assertEquals(List.of(new LaneStep.Open(B, Set.of("own"), false)), open(B));
  }

  @Test
  void shouldBeForgotten_whenItIsGone() {
    giveLanes(A);
    dormant(B, 4);
    List<LaneStep> steps = plan.follow(Map.of());
    assertEquals(List.of(new LaneStep.Close(A), new LaneStep.Forget(B)), steps);
    assertEquals(List.of(), plan.came(B, now));
    assertEquals(List.of(), open(B));
  }

  @Test
  void shouldStandInLine_whenThereIsNoRoom() {
    giveLanes(A, B, C, D);
    follow(E);
    plan.failed(E);
    assertFalse(plan.hasRoomFor(E));
    assertEquals(List.of(), open(E));
    assertEquals(List.of(E), plan.waiting());
  }

  @Test
  void shouldLeaveTheRoomToThoseThatHaveWaitedForLonger() {
    giveLanes(A, B, C);
    follow(D, E);
    plan.failed(D);
    plan.failed(E);
    assertTrue(plan.hasRoomFor(D));
    assertFalse(plan.hasRoomFor(E));
  }

  @Test
  void shouldGiveItsLanesUp_afterATurnOrSeveralInWhichNoneHasCome() {
    giveLanes(A, B, C, D);
    assertEquals(List.of(), plan.takeTurns(_ -> 1, seconds(5)));
    follow(E);
    plan.failed(E);

    assertEquals(List.of(), plan.takeTurns(_ -> 1, seconds(5) - 1));
    assertEquals(List.of(), plan.takeTurns(_ -> 0, seconds(20) - 1));
    List<LaneStep> steps = plan.takeTurns(channel -> channel.equals(B) ? 1 : 0, seconds(5));

    assertEquals(List.of(new LaneStep.Close(B)), steps);
    assertEquals(List.of(E, B), plan.waiting());
    open(E);
    assertEquals(List.of(new LaneStep.Close(A)), plan.takeTurns(_ -> 0, seconds(20)));
  }

  @Test
  void shouldFindByItsEnds_whatTheWatchHasOverlooked() {
    dormant(B, 4);
    dormant(C, 4);
    now += seconds(60) - 1;
    assertEquals(Map.of(), plan.toCheck(now));
    now++;
    assertEquals(Set.of(B, C), plan.toCheck(now).keySet());

    Map<TopicPartition, Long> more = new HashMap<>(ends(B, 4));
    more.put(new TopicPartition("b", 1), 0L);
    List<LaneStep> steps = plan.saw(Set.of(B, C), Map.of(B, more, C, ends(C, 5)), now);

    assertEquals(Set.of(new LaneStep.Watch(B, more), new LaneStep.Forget(C)), Set.copyOf(steps));
    assertEquals(List.of(C), plan.waiting());
    assertEquals(Map.of(), plan.toCheck(now));
  }

  @Test
  void shouldGetLanes_whenAPartitionThatWasAddedHasTasks() {
    dormant(B, 4);
    var more = Map.of(new TopicPartition("b", 0), 4L, new TopicPartition("b", 1), 1L);
    plan.saw(Set.of(B), Map.of(B, more), now);
    assertEquals(List.of(B), plan.waiting());
  }

  /** These exist, too. */
  private void follow(Channel... channels) {
    wanted.putAll(withoutOwn(List.of(channels)));
    assertEquals(List.of(), plan.follow(wanted));
  }

  /** They were asked about, and are settled. */
  private List<LaneStep> answer(Map<Channel, Map<TopicPartition, Long>> asked) {
    return plan.answered(asked, asked.keySet(), now);
  }

  private List<LaneStep> open(Channel channel) {
    return plan.open(channel, new ChannelState.Turn(now, 0));
  }

  /** All of them have lanes, and nothing has come to them yet. */
  private void giveLanes(Channel... channels) {
    follow(channels);
    for (Channel channel : channels) {
      assertEquals(1, open(channel).size());
      see(channel, 0);
    }
  }

  private void dormant(Channel channel, long end) {
    follow(channel);
    var ends = Map.of(channel, ends(channel, end));
    assertEquals(1, plan.found(Set.of(channel), ends, Set.of(channel), now).size());
  }

  private List<LaneStep> see(Channel channel, long end) {
    return plan.saw(Set.of(channel), Map.of(channel, ends(channel, end)), now);
  }

  private static Map<Channel, Set<String>> withoutOwn(List<Channel> channels) {
    Map<Channel, Set<String>> all = new HashMap<>();
    channels.forEach(channel -> all.put(channel, Set.of()));
    return all;
  }

  private static Map<TopicPartition, Long> ends(Channel channel, long end) {
    return Map.of(new TopicPartition(channel.queue(), 0), end);
  }

  private static Channel channel(String queue) {
    return new Channel(queue, Priority.NORMAL);
  }

  private static long seconds(int seconds) {
    return Duration.ofSeconds(seconds).toNanos();
  }
}
