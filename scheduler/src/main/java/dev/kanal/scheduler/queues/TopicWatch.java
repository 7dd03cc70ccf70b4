package dev.kanal.scheduler.queues;

import dev.kanal.scheduler.engine.row.Lane;
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
 * Looks at the topics of all lanes in turn, a bounded number at a time, and never before all is
 * known of the last ones: however many queues there are and however slow the brokers, they are
 * asked one thing at once. For one thread.
 */
final class TopicWatch {
  /** Lanes of one look. */
  static final int LANES_MAX = 100;

  private final Supplier<Map<Lane, Made>> lanes;
  private final Function<Collection<Lane>, Map<Lane, CompletableFuture<Made>>> describe;
  private final Found found;
  private final Deque<Map.Entry<Lane, Made>> due = new ArrayDeque<>();
  private CompletableFuture<?> last = CompletableFuture.completedFuture(null);

  /**
   * @param lanes those that there are, and what is thought of their topics
   * @param describe asks about their topics
   * @param found told what came of it, on any thread
   */
  TopicWatch(
      Supplier<Map<Lane, Made>> lanes,
      Function<Collection<Lane>, Map<Lane, CompletableFuture<Made>>> describe,
      Found found) {
    this.lanes = lanes;
    this.describe = describe;
    this.found = found;
  }

  /** Takes the topic of a lane, or why it is not known, and what was thought when it was asked. */
  interface Found {
    void accept(Lane lane, Made thought, @Nullable Made topic, @Nullable Throwable failure);
  }

  /** One look, or none. */
  void look() {
    if (!last.isDone()) {
      return;
    }
    if (due.isEmpty()) {
      due.addAll(Map.copyOf(lanes.get()).entrySet());
    }
    Map<Lane, Made> now = new HashMap<>();
    while (now.size() < LANES_MAX && !due.isEmpty()) {
      Map.Entry<Lane, Made> next = due.removeFirst();
      now.put(next.getKey(), next.getValue());
    }
    if (now.isEmpty()) {
      return;
    }
    List<CompletableFuture<?>> answers = new ArrayList<>();
    describe
        .apply(now.keySet())
        .forEach(
            (lane, made) -> {
              Made thought = Objects.requireNonNull(now.get(lane), "lane");
              answers.add(
                  made.whenComplete(
                      (topic, failure) -> found.accept(lane, thought, topic, failure)));
            });
    last = QueueTopics.all(answers);
  }
}
