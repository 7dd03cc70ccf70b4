package dev.kanal.scheduler.queues;

import dev.kanal.scheduler.engine.Lane;
import dev.kanal.scheduler.queues.QueueTopics.Made;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
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

  private final Supplier<? extends Collection<Lane>> lanes;
  private final Function<Collection<Lane>, Map<Lane, CompletableFuture<Made>>> describe;
  private final Found found;
  private final Deque<Lane> due = new ArrayDeque<>();
  private CompletableFuture<?> last = CompletableFuture.completedFuture(null);

  /**
   * @param lanes those that there are
   * @param describe asks about their topics
   * @param found told what came of it, on any thread
   */
  TopicWatch(
      Supplier<? extends Collection<Lane>> lanes,
      Function<Collection<Lane>, Map<Lane, CompletableFuture<Made>>> describe,
      Found found) {
    this.lanes = lanes;
    this.describe = describe;
    this.found = found;
  }

  /** Takes the topic of a lane, or why it is not known. */
  interface Found {
    void accept(Lane lane, @Nullable Made topic, @Nullable Throwable failure);
  }

  /** One look, or none. */
  void look() {
    if (!last.isDone()) {
      return;
    }
    if (due.isEmpty()) {
      due.addAll(lanes.get());
    }
    List<Lane> now = new ArrayList<>();
    while (now.size() < LANES_MAX && !due.isEmpty()) {
      now.add(due.removeFirst());
    }
    if (now.isEmpty()) {
      return;
    }
    List<CompletableFuture<?>> answers = new ArrayList<>();
    describe
        .apply(now)
        .forEach(
            (lane, made) ->
                answers.add(
                    made.whenComplete((topic, failure) -> found.accept(lane, topic, failure))));
    last = QueueTopics.all(answers);
  }
}
