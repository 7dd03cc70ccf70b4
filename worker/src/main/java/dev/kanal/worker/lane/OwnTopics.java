package dev.kanal.worker.lane;

import dev.kanal.common.channel.Channel;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which topics each channel's lanes read beside the one that all types share: the topics of their
 * own that types of this worker have. Usable from any thread.
 */
final class OwnTopics {
  private final Map<Channel, Set<String>> topics = new ConcurrentHashMap<>();

  Set<String> of(Channel channel) {
    return topics.getOrDefault(channel, Set.of());
  }

  void set(Channel channel, Set<String> own) {
    if (own.isEmpty()) {
      topics.remove(channel);
    } else {
      topics.put(channel, Set.copyOf(own));
    }
  }
}
