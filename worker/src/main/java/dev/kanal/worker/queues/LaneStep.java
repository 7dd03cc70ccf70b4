package dev.kanal.worker.queues;

import dev.kanal.common.channel.Channel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** What {@link LanePlan} wants done about a channel. */
sealed interface LaneStep {
  /**
   * It is to have lanes.
   *
   * @param own topics of single types that belong to the channel
   * @param fresh nothing is known of the channel yet
   */
  record Open(Channel channel, Set<String> own, boolean fresh) implements LaneStep {}

  record Close(Channel channel) implements LaneStep {}

  /** It is to be watched from these offsets on, whether or not it was before. */
  record Watch(Channel channel, Map<TopicPartition, Long> from) implements LaneStep {}

  record Forget(Channel channel) implements LaneStep {}

  /**
   * What is to be done, which is what differs between two states; null is that of a new channel.
   *
   * @param own topics of single types that belong to the channel
   */
  static List<LaneStep> between(
      @Nullable ChannelState before,
      @Nullable ChannelState next,
      Channel channel,
      Set<String> own) {
    List<LaneStep> steps = new ArrayList<>();
    Map<TopicPartition, Long> from = watched(next);
    if (!from.equals(watched(before))) {
      steps.add(from.isEmpty() ? new Forget(channel) : new Watch(channel, from));
    }
    boolean hasLanes = next instanceof ChannelState.Open;
    if (hasLanes != (before instanceof ChannelState.Open)) {
      steps.add(hasLanes ? new Open(channel, own, before == null) : new Close(channel));
    }
    return steps;
  }

  private static Map<TopicPartition, Long> watched(@Nullable ChannelState state) {
    return state == null ? Map.of() : state.watched();
  }
}
