package dev.kanal.scheduler.engine.out;

import dev.kanal.scheduler.engine.row.Lane;
import org.jspecify.annotations.Nullable;

/**
 * Which types have a topic of their own, so that their tasks come only to workers that have a
 * handler. It is each node's own knowledge, and no part of what shards decide: a task finds its
 * worker by either topic. Usable from any thread; does not block.
 */
public interface OwnTopics {
  /** All types go by the topic of their lane. */
  OwnTopics NONE =
      new OwnTopics() {
        @Override
        public @Nullable String of(Lane lane, String type) {
          return null;
        }

        @Override
        public void failed(String topic) {}

        @Override
        public boolean isAbandoned(String topic) {
          return false;
        }
      };

  /** The topic of its own by which tasks of a type go; null if they go by that of their lane. */
  @Nullable String of(Lane lane, String type);

  /** The topic could not be sent to. */
  void failed(String topic);

  /**
   * Whether the live workers that have the type read only the lane's topic, as those of an older
   * release do: what stands in this one will not be read.
   */
  boolean isAbandoned(String topic);
}
