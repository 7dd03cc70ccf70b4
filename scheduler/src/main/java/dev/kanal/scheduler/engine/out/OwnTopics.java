package dev.kanal.scheduler.engine.out;

import dev.kanal.common.channel.Channel;
import org.jspecify.annotations.Nullable;

/**
 * Which types have a topic of their own, so that their tasks come only to workers that have a
 * handler. It is each node's own knowledge, and no part of what shards decide: a task finds its
 * worker by either topic. Usable from any thread; does not block.
 */
public interface OwnTopics {
  /** All types go by the topic of their channel. */
  OwnTopics NONE =
      new OwnTopics() {
        @Override
        public @Nullable String of(Channel channel, String type) {
          return null;
        }

        @Override
        public void failed(String topic) {}

        @Override
        public boolean isAbandoned(String topic) {
          return false;
        }
      };

  /** The topic of its own by which tasks of a type go; null if they go by that of their channel. */
  @Nullable String of(Channel channel, String type);

  /** The topic could not be sent to. */
  void failed(String topic);

  /**
   * Whether the live workers that have the type read only the channel's topic, as those of an older
   * release do: what stands in this one will not be read.
   */
  boolean isAbandoned(String topic);
}
