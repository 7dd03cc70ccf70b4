package dev.kanal.scheduler.queues;

import dev.kanal.common.channel.Channel;
import dev.kanal.scheduler.queues.QueueTopics.Made;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the topics of all channels in turn, a bounded number at a time, and never before all is
 * known of the last ones: however many queues there are and however slow the brokers, they are
 * asked one thing at once. For one thread.
 */
final class TopicWatch {
  /** Channels of one look. */
  static final int CHANNELS_MAX = 100;

  private final Supplier<Map<Channel, Made>> channels;
  private final Function<Collection<Channel>, Map<Channel, CompletableFuture<Made>>> describe;
  private final Found found;
  private final Deque<Map.Entry<Channel, Made>> due = new ArrayDeque<>();
  private CompletableFuture<?> last = CompletableFuture.completedFuture(null);

  /**
   * @param channels those that there are, and what is thought of their topics
   * @param describe asks about their topics
   * @param found takes what came of it, on any thread
   */
  TopicWatch(
      Supplier<Map<Channel, Made>> channels,
      Function<Collection<Channel>, Map<Channel, CompletableFuture<Made>>> describe,
      Found found) {
    this.channels = channels;
    this.describe = describe;
    this.found = found;
  }

  /**
   * Takes the topic of a channel, or why it is not known, and what was thought when it was asked.
   */
  interface Found {
    void accept(Channel channel, Made thought, @Nullable Made topic, @Nullable Throwable failure);
  }

  /** One look, or none. */
  void look() {
    if (!last.isDone()) {
      return;
    }
    if (due.isEmpty()) {
      due.addAll(Map.copyOf(channels.get()).entrySet());
    }
    Map<Channel, Made> now = new HashMap<>();
    while (now.size() < CHANNELS_MAX && !due.isEmpty()) {
      Map.Entry<Channel, Made> next = due.removeFirst();
      now.put(next.getKey(), next.getValue());
    }
    if (now.isEmpty()) {
      return;
    }
    List<CompletableFuture<?>> answers = new ArrayList<>();
    describe
        .apply(now.keySet())
        .forEach(
            (channel, made) -> {
              Made thought = Objects.requireNonNull(now.get(channel), "channel");
              answers.add(
                  made.whenComplete(
                      (topic, failure) -> found.accept(channel, thought, topic, failure)));
            });
    last = QueueTopics.all(answers);
  }
}
