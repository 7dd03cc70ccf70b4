package dev.kanal.worker.queues;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.channel.Channel;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Topics, groups, lanes and a watch around a plan, all of them simulated. Things happen at any
 * time: also between the moment at which something is found and that at which the plan is told.
 */
final class LanePlanWorld {
  private static final long LOOK_MOST = Duration.ofSeconds(5).toNanos();
  private static final long QUESTION_MOST = Duration.ofMillis(20).toNanos();
  private static final long PASS_MOST = Duration.ofMillis(200).toNanos();
  private static final int PARTITIONS_MOST = 6;

  private final OnDemand bounds;
  private final double load;
  private final long seed;
  private final Fault fault;
  private final Random random;
  private final LanePlan plan;

  /** By queue. */
  private final Map<String, SimulatedTopic> topics = new TreeMap<>();

  private final Set<Channel> open = new HashSet<>();
  private final Map<Channel, Watched> watched = new LinkedHashMap<>();
  private long now;

  private @Nullable Question question;

  /** Whether a channel has ever gone, so that fewer than usual may have lanes. */
  private boolean gone;

  /** What is done otherwise than {@link LanesOnDemand} does it. */
  enum Fault {
    NONE,
    /** What comes to a channel that has lanes is not told. */
    DEAF,
    /** Channels are not watched for long enough before they are dormant. */
    HASTY,
    /** Nobody gives lanes up. */
    UNFAIR
  }

  /**
   * What groups were asked.
   *
   * @param nanos when the answer comes
   */
  private record Question(
      Map<Channel, Map<TopicPartition, Long>> asked, Set<Channel> settled, long nanos) {}

  /** A channel that is watched; what has come is told once. */
  private static final class Watched {
    Map<TopicPartition, Long> from;

    /** When the watch begins to see it. */
    final long nanos;

    Watched(Map<TopicPartition, Long> from, long nanos) {
      this.from = from;
      this.nanos = nanos;
    }
  }

  /**
   * @param load how many tasks come in a second
   */
  LanePlanWorld(OnDemand bounds, int channels, double load, long seed, Fault fault) {
    this.bounds = bounds;
    this.load = load;
    this.seed = seed;
    this.fault = fault;
    this.random = new Random(seed);
    this.plan = new LanePlan(fault == Fault.HASTY ? withoutOverlap(bounds) : bounds);
    for (int i = 0; i < channels; i++) {
      String queue = "queue-" + i;
      topics.put(queue, new SimulatedTopic(queue));
    }
    for (int i = 0; i < channels / 2; i++) {
      arrive();
    }
  }

  private static OnDemand withoutOverlap(OnDemand bounds) {
    return new OnDemand(
        bounds.kept(),
        bounds.most(),
        bounds.idle(),
        bounds.hurry(),
        bounds.turn(),
        Duration.ZERO,
        bounds.check());
  }

  void live(int looks) {
    for (int i = 0; i < looks; i++) {
      look();
      for (long until = now + random.nextLong(LOOK_MOST / 2); now < until; ) {
        pass(PASS_MOST);
      }
      if (random.nextInt(10) == 0) {
        change();
      }
    }
  }

  private void look() {
    long begun = now;
    Map<Channel, Set<String>> wanted = new LinkedHashMap<>();
    topics.values().stream()
        .filter(topic -> !topic.paused)
        .forEach(topic -> wanted.put(topic.channel, topic.own));
    perform(plan.follow(wanted));
    openWaiting();
    for (Channel channel : plan.toKeep()) {
      open(channel);
    }
    Set<Channel> fresh = plan.toFind().keySet();
    if (!fresh.isEmpty()) {
      var ends = ends(fresh);
      perform(plan.found(fresh, ends, empty(ends), now));
    }
    see(plan.toSee().keySet());
    ask();
    openWaiting();
    if (fault != Fault.UNFAIR) {
      perform(plan.takeTurns(channel -> topic(channel).arrived, now));
    }
    see(plan.toCheck(now).keySet());
    check(now - begun <= LOOK_MOST / 2, "Expected a short look");
    check(gone || open.size() >= Math.min(bounds.kept(), topics.size()), "Too few have lanes");
  }

  /** The answer comes some looks later. */
  private void ask() {
    if (question == null) {
      var asked = plan.toAsk(now);
      question = new Question(asked, settled(asked), now + random.nextLong(LOOK_MOST));
    }
  }

  private void answer() {
    Question due = question;
    if (due != null && now >= due.nanos) {
      perform(plan.answered(due.asked, due.settled, now));
      question = null;
    }
  }

  private void see(Set<Channel> channels) {
    var ends = ends(channels);
    perform(plan.saw(channels, ends, now));
  }

  private void openWaiting() {
    for (Channel channel : plan.waiting()) {
      if (!plan.hasRoom()) {
        return;
      }
      open(channel);
    }
  }

  private void open(Channel channel) {
    pass(QUESTION_MOST);
    perform(plan.open(channel, new ChannelState.Turn(now, topic(channel).arrived)));
  }

  private Map<Channel, Map<TopicPartition, Long>> ends(Set<Channel> channels) {
    Map<Channel, Map<TopicPartition, Long>> ends = new LinkedHashMap<>();
    channels.forEach(channel -> ends.put(channel, topic(channel).byPartition()));
    pass(QUESTION_MOST);
    return ends;
  }

  /** Some of the topics whose tasks are all settled have been trimmed. */
  private Set<Channel> empty(Map<Channel, Map<TopicPartition, Long>> ends) {
    Set<Channel> empty = settled(ends);
    empty.removeIf(channel -> channel.queue().hashCode() % 2 == 0);
    return empty;
  }

  private Set<Channel> settled(Map<Channel, Map<TopicPartition, Long>> ends) {
    Set<Channel> settled = new HashSet<>();
    ends.forEach(
        (channel, each) -> {
          SimulatedTopic topic = topic(channel);
          int known = each.size();
          if (topic.ends.subList(0, known).equals(topic.settled.subList(0, known))) {
            settled.add(channel);
          }
        });
    pass(QUESTION_MOST);
    return settled;
  }

  /** A moment passes, in which tasks come and are run, and the watch sees some of them. */
  private void pass(long most) {
    long nanos = random.nextLong(most);
    now += nanos;
    double tasks = load * nanos / Duration.ofSeconds(1).toNanos();
    for (; tasks > 0 && random.nextDouble() < tasks; tasks--) {
      arrive();
    }
    for (SimulatedTopic topic : topics.values()) {
      if (open.contains(topic.channel) ? random.nextInt(3) == 0 : random.nextInt(200) == 0) {
        settle(topic);
      }
    }
    for (SimulatedTopic topic : topics.values()) {
      Watched by = watched.get(topic.channel);
      if (by != null && now >= by.nanos && isPassed(by.from, topic) && random.nextBoolean()) {
        Map<TopicPartition, Long> ends = topic.byPartition();
        ends.keySet().retainAll(by.from.keySet());
        by.from = ends;
        came(topic);
      }
    }
    answer();
    Set<Channel> seenTo = new HashSet<>(plan.waiting());
    seenTo.addAll(plan.toFind().keySet());
    seenTo.addAll(plan.toAsk(now).keySet());
    topics.values().forEach(topic -> check(topic, seenTo));
    check(open.size() <= bounds.most(), "Too many have lanes");
  }

  private void came(SimulatedTopic topic) {
    if (fault == Fault.DEAF && open.contains(topic.channel)) {
      return;
    }
    perform(plan.came(topic.channel, now));
    if (plan.hasRoomFor(topic.channel)) {
      perform(plan.open(topic.channel, new ChannelState.Turn(now, topic.arrived)));
    }
  }

  private static boolean isPassed(Map<TopicPartition, Long> from, SimulatedTopic topic) {
    Map<TopicPartition, Long> ends = topic.byPartition();
    return from.entrySet().stream()
        .anyMatch(each -> each.getValue() < ends.getOrDefault(each.getKey(), 0L));
  }

  private void arrive() {
    SimulatedTopic topic = any();
    int partition = random.nextInt(topic.ends.size());
    topic.ends.set(partition, topic.ends.get(partition) + 1);
  }

  /** Those without lanes here are settled by other workers. */
  private void settle(SimulatedTopic topic) {
    int partition = random.nextInt(topic.ends.size());
    long end = topic.ends.get(partition);
    long settled = topic.settled.set(partition, end);
    topic.arrived += open.contains(topic.channel) ? end - settled : 0;
  }

  private void change() {
    SimulatedTopic topic = any();
    switch (random.nextInt(6)) {
      case 0 -> topic.own = topic.own.isEmpty() ? Set.of("own") : Set.of();
      case 1 -> {
        if (topic.ends.size() < PARTITIONS_MOST) {
          topic.ends.add(0L);
          topic.settled.add(0L);
        }
      }
      case 2 -> {
        gone = true;
        topics.remove(topic.channel.queue());
        String queue = "queue-new-" + random.nextInt(1_000_000);
        topics.put(queue, new SimulatedTopic(queue));
        look();
      }
      case 3 -> {
        topic.makeAgain();
        perform(plan.came(topic.channel, now));
        look();
      }
      case 4 -> {
        gone = true;
        topic.paused = true;
        look();
        topic.paused = false;
        look();
      }
      default -> arrive();
    }
  }

  /** Nobody who has something is overlooked, or waits for too long. */
  private void check(SimulatedTopic topic, Set<Channel> seenTo) {
    Channel channel = topic.channel;
    if (open.contains(channel) || !topic.hasTasks() || topic.paused) {
      topic.sinceNanos = Long.MAX_VALUE;
      return;
    }
    topic.sinceNanos = Math.min(topic.sinceNanos, now);
    Watched by = watched.get(channel);
    boolean watchedFromThere = by != null && !topic.hasTasksBefore(by.from);
    check(seenTo.contains(channel) || watchedFromThere, "Nobody sees to " + channel);
    check(now - topic.sinceNanos <= longest(), "Too long a wait of " + channel);
  }

  /**
   * Until it is found at the latest, then all turns before its own, a few channels at each look.
   */
  private long longest() {
    long turn = ChannelState.Turn.UNSERVED_TURNS * bounds.turn().toNanos() + LOOK_MOST;
    long turns = 1L + topics.size() / bounds.most();
    long looks = 6L + topics.size() / LanePlan.GIVEN_UP_AT_ONCE;
    return bounds.check().toNanos() + turns * turn + looks * LOOK_MOST;
  }

  private void perform(List<LaneStep> steps) {
    for (LaneStep step : steps) {
      switch (step) {
        case LaneStep.Open(var channel, _, _) -> check(open.add(channel), "Lanes twice");
        case LaneStep.Close(var channel) -> {
          check(open.remove(channel), "No lanes to close");
          Watched by = watched.get(channel);
          check(by == null || by.nanos <= now, "Too early an end of the lanes");
        }
        case LaneStep.Watch(var channel, var from) -> {
          long delay = random.nextLong(bounds.overlap().toNanos());
          watched.put(channel, new Watched(from, now + delay));
        }
        case LaneStep.Forget(var channel) -> check(watched.remove(channel) != null, "No watch");
      }
    }
  }

  private SimulatedTopic any() {
    return List.copyOf(topics.values()).get(random.nextInt(topics.size()));
  }

  private SimulatedTopic topic(Channel channel) {
    return requireNonNull(topics.get(channel.queue()), channel::toString);
  }

  private void check(boolean holds, String what) {
    assertTrue(holds, () -> what + " in " + this);
  }

  @Override
  public String toString() {
    return "seed " + seed + " after " + Duration.ofNanos(now);
  }
}
