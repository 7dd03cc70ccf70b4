package dev.kanal.worker.queues;

import dev.kanal.common.channel.Channel;
import dev.kanal.worker.queues.ChannelState.Dormant;
import dev.kanal.worker.queues.ChannelState.Open;
import dev.kanal.worker.queues.ChannelState.Turn;
import dev.kanal.worker.queues.ChannelState.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of each channel ({@link ChannelState}): whether it has lanes, is watched, or waits
 * for its turn. It only decides: it is told what was found and when, and answers what is to be
 * done, in this order. Not safe for use by several threads at once.
 *
 * <p>A channel is watched for a while before it is dormant, and only if its group has settled
 * everything up to where the watch begins: so no task is overlooked.
 */
final class LanePlan {
  /** How many channels give their lanes up for others at one look. */
  static final int GIVEN_UP_AT_ONCE = 8;

  /** Of how many idle channels the groups are asked at one look. */
  static final int IDLE_AT_ONCE = 24;

  /** Of how many dormant channels the groups are asked at one look. */
  static final int DOUBTFUL_AT_ONCE = 100;

  /** Of how many dormant channels the ends are found at one look. */
  static final int CHECKED_AT_ONCE = 200;

  private static final Comparator<Channel> BY_NAME =
      Comparator.comparing(Channel::queue).thenComparing(Channel::priority);

  private final OnDemand bounds;

  /** Of all channels but new ones. */
  private final Map<Channel, ChannelState> states = new TreeMap<>(BY_NAME);

  private Map<Channel, Set<String>> wanted = Map.of();

  /** How many have ever begun to wait. */
  private long everWaiting;

  LanePlan(OnDemand bounds) {
    this.bounds = bounds;
  }

  /**
   * Which channels there are; others are forgotten. A dormant one waits if its topics have changed.
   *
   * @param now the channels, with the topics of single types that exist beside each
   */
  List<LaneStep> follow(Map<Channel, Set<String>> now) {
    Map<Channel, Set<String>> before = wanted;
    wanted = Map.copyOf(now);
    List<LaneStep> steps = new ArrayList<>();
    for (Channel channel : List.copyOf(states.keySet())) {
      Set<String> own = wanted.get(channel);
      if (own == null) {
        move(channel, null, steps);
      } else if (states.get(channel) instanceof Dormant && !own.equals(before.get(channel))) {
        move(channel, waits(), steps);
      }
    }
    return steps;
  }

  /** The channels with lanes, and the topics of single types that belong to each. */
  Map<Channel, Set<String>> withLanes() {
    return withOwn(those(Open.class).map(Map.Entry::getKey));
  }

  /** Those that wait, the first of the line first. */
  List<Channel> waiting() {
    return those(Waiting.class)
        .sorted(Comparator.comparingLong(each -> each.getValue().number()))
        .map(Map.Entry::getKey)
        .toList();
  }

  boolean hasRoom() {
    return opened() < bounds.most();
  }

  /** Whether there is room for a channel that waits, beside all that have waited for longer. */
  boolean hasRoomFor(Channel channel) {
    return states.get(channel) instanceof Waiting(var number)
        && opened() + those(Waiting.class).filter(each -> each.getValue().number() < number).count()
            < bounds.most();
  }

  /** New channels that are to have lanes whatever may be in them. */
  List<Channel> toKeep() {
    return fresh().limit(Math.max(0, bounds.kept() - opened())).toList();
  }

  /** New channels of which the ends are to be found. */
  Map<Channel, Set<String>> toFind() {
    return withOwn(fresh());
  }

  /** Opens a channel that is new or waits, if there is room. */
  List<LaneStep> open(Channel channel, Turn turn) {
    List<LaneStep> steps = new ArrayList<>();
    ChannelState before = states.get(channel);
    boolean without = before == null || before instanceof Waiting;
    if (without && wanted.containsKey(channel) && hasRoom()) {
      move(channel, Open.beginning(turn), steps);
    }
    return steps;
  }

  /** A channel could not be opened: if it is new, it waits. */
  void failed(Channel channel) {
    if (wanted.containsKey(channel)) {
      states.computeIfAbsent(channel, _ -> waits());
    }
  }

  /**
   * What is known of new channels: they are dormant, or wait if their topics were not found.
   *
   * @param all that were looked at
   * @param empty those in which there is nothing
   */
  List<LaneStep> found(
      Set<Channel> all,
      Map<Channel, Map<TopicPartition, Long>> ends,
      Set<Channel> empty,
      long nowNanos) {
    List<LaneStep> steps = new ArrayList<>();
    for (Channel channel : all) {
      Map<TopicPartition, Long> from = ends.get(channel);
      boolean doubtful = !empty.contains(channel);
      move(channel, from == null ? waits() : new Dormant(from, doubtful, nowNanos), steps);
    }
    return steps;
  }

  /** Open channels of which the ends are to be found; none if all may keep their lanes. */
  Map<Channel, Set<String>> toSee() {
    return opened() > bounds.kept() ? withLanes() : Map.of();
  }

  /** Dormant channels of which the ends are to be found, whatever may happen to the watch. */
  Map<Channel, Set<String>> toCheck(long nowNanos) {
    return withOwn(
        those(Dormant.class)
            .filter(each -> nowNanos - each.getValue().checkedNanos() >= bounds.check().toNanos())
            .sorted(Comparator.comparingLong(each -> each.getValue().checkedNanos()))
            .limit(CHECKED_AT_ONCE)
            .map(Map.Entry::getKey));
  }

  /**
   * The ends of open or dormant channels.
   *
   * @param asked about these
   */
  List<LaneStep> saw(
      Set<Channel> asked, Map<Channel, Map<TopicPartition, Long>> ends, long nowNanos) {
    List<LaneStep> steps = new ArrayList<>();
    for (Channel channel : asked) {
      Map<TopicPartition, Long> each = ends.getOrDefault(channel, Map.of());
      ChannelState state = states.get(channel);
      if (state instanceof Open open && !each.isEmpty() && !each.equals(open.ends())) {
        move(channel, open.moved(each, nowNanos), steps);
      } else if (state instanceof Dormant dormant) {
        move(channel, dormant.isPassedBy(each) ? waits() : dormant.checked(each, nowNanos), steps);
      }
    }
    return steps;
  }

  /**
   * Channels whose groups are to be asked, with the offsets up to which that matters: those that
   * are idle, and those that were new and had something in them.
   */
  Map<Channel, Map<TopicPartition, Long>> toAsk(long nowNanos) {
    Duration patience = patience();
    Map<Channel, Map<TopicPartition, Long>> asked = new LinkedHashMap<>();
    those(Open.class)
        .sorted(Comparator.comparingLong(each -> each.getValue().movedNanos()))
        .limit(Math.max(0, opened() - bounds.kept()))
        .filter(each -> each.getValue().isIdle(patience, bounds.overlap(), nowNanos))
        .limit(IDLE_AT_ONCE)
        .forEach(each -> asked.put(each.getKey(), each.getValue().ends()));
    those(Dormant.class)
        .filter(each -> each.getValue().doubtful())
        .limit(DOUBTFUL_AT_ONCE)
        .forEach(each -> asked.put(each.getKey(), each.getValue().watched()));
    return asked;
  }

  /**
   * The groups have been asked. The answer counts only for the offsets that were asked about.
   *
   * @param settled those of the channels to whose groups nothing is left to do
   */
  List<LaneStep> answered(
      Map<Channel, Map<TopicPartition, Long>> asked, Set<Channel> settled, long nowNanos) {
    Duration patience = patience();
    List<LaneStep> steps = new ArrayList<>();
    asked.forEach(
        (channel, offsets) -> {
          boolean done = settled.contains(channel);
          ChannelState state = states.get(channel);
          if (state instanceof Open open && done && open.ends().equals(offsets)) {
            if (open.isIdle(patience, bounds.overlap(), nowNanos)) {
              move(channel, open.less(nowNanos), steps);
            }
          } else if (state instanceof Dormant dormant && dormant.isDoubtful(offsets)) {
            move(channel, done ? dormant.settled() : waits(), steps);
          }
        });
    return steps;
  }

  /** Something may have come to a channel: the watch has seen it, or its topic is another one. */
  List<LaneStep> came(Channel channel, long nowNanos) {
    List<LaneStep> steps = new ArrayList<>();
    ChannelState state = states.get(channel);
    if (state instanceof Dormant) {
      move(channel, waits(), steps);
    } else if (state instanceof Open open) {
      move(channel, open.moved(open.ends(), nowNanos), steps);
    }
    return steps;
  }

  /**
   * Nobody waits for ever: those that have had their turn give their lanes up, and wait themselves.
   *
   * @param arrived how many tasks have come through a channel
   */
  List<LaneStep> takeTurns(ToLongFunction<Channel> arrived, long nowNanos) {
    List<LaneStep> steps = new ArrayList<>();
    int waiting = waiting().size();
    if (waiting == 0 || hasRoom()) {
      return steps;
    }
    those(Open.class)
        .filter(
            each ->
                each.getValue()
                    .turn()
                    .isOver(bounds.turn(), arrived.applyAsLong(each.getKey()), nowNanos))
        .sorted(Comparator.comparingLong(each -> each.getValue().turn().nanos()))
        .limit(Math.min(waiting, GIVEN_UP_AT_ONCE))
        .map(Map.Entry::getKey)
        .toList()
        .forEach(channel -> move(channel, waits(), steps));
    return steps;
  }

  private long opened() {
    return those(Open.class).count();
  }

  private Duration patience() {
    boolean many = opened() > bounds.most() / 2;
    return many || !waiting().isEmpty() ? bounds.hurry() : bounds.idle();
  }

  private Waiting waits() {
    return new Waiting(everWaiting++);
  }

  private Stream<Channel> fresh() {
    return wanted.keySet().stream().filter(channel -> !states.containsKey(channel)).sorted(BY_NAME);
  }

  private Map<Channel, Set<String>> withOwn(Stream<Channel> channels) {
    Map<Channel, Set<String>> all = new LinkedHashMap<>();
    channels.forEach(channel -> all.put(channel, wanted.getOrDefault(channel, Set.of())));
    return all;
  }

  private <S extends ChannelState> Stream<Map.Entry<Channel, S>> those(Class<S> kind) {
    return states.entrySet().stream()
        .filter(each -> kind.isInstance(each.getValue()))
        .map(each -> Map.entry(each.getKey(), kind.cast(each.getValue())));
  }

  private void move(Channel channel, @Nullable ChannelState next, List<LaneStep> steps) {
    ChannelState before = next == null ? states.remove(channel) : states.put(channel, next);
    Set<String> own = wanted.getOrDefault(channel, Set.of());
    steps.addAll(LaneStep.between(before, next, channel, own));
  }
}
