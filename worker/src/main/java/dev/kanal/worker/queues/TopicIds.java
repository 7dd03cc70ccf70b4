package dev.kanal.worker.queues;

import dev.kanal.common.channel.Channel;
import dev.kanal.common.channel.Topics;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.TopicListing;
import org.apache.kafka.common.Uuid;

/**
 * Knows a topic that was deleted and made again by its id, whatever its ends are. Belongs to one
 * thread.
 */
final class TopicIds {
  private final Topics topics;
  private Map<String, Uuid> last = Map.of();

  TopicIds(Topics topics) {
    this.topics = topics;
  }

  /**
   * The channels that have a topic which was made again since the last call.
   *
   * @param wanted the channels, with the topics of single types that belong to each
   * @param listed all topics, by name
   */
  Set<Channel> madeAgain(Map<Channel, Set<String>> wanted, Map<String, TopicListing> listed) {
    Map<String, Uuid> now = new HashMap<>();
    Set<Channel> again = new HashSet<>();
    wanted.forEach(
        (channel, own) -> {
          Set<String> names = new HashSet<>(own);
          names.add(topics.tasks(channel.queue(), channel.priority()));
          for (String name : names) {
            TopicListing topic = listed.get(name);
            if (topic != null) {
              now.put(name, topic.topicId());
              if (!last.getOrDefault(name, topic.topicId()).equals(topic.topicId())) {
                again.add(channel);
              }
            }
          }
        });
    last = now;
    return again;
  }
}
