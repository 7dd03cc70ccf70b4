package dev.kanal.scheduler.queues;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.channel.Channel;
import dev.kanal.common.job.Priority;
import dev.kanal.scheduler.queues.QueueTopics.Made;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** How the brokers are asked about many topics. */
final class TopicWatchTest {
  private static final Made MADE = new Made("id", 4);

  private final Map<Channel, Made> channels = new HashMap<>();
  private final List<Map<Channel, CompletableFuture<Made>>> asked = new ArrayList<>();
  private final List<Channel> found = new ArrayList<>();
  private final List<Channel> failed = new ArrayList<>();
  private final TopicWatch watch =
      new TopicWatch(
          () -> channels,
          this::ask,
          (channel, thought, _, failure) -> {
            assertEquals(MADE, thought);
            (failure == null ? found : failed).add(channel);
          });

  @Test
  void nobodyIsAsked_aboutNothing() {
    watch.look();

    assertEquals(List.of(), asked);
  }

  @Test
  void everyChannelHasItsTurn_aBoundedNumberAtATime() {
    add(2 * TopicWatch.CHANNELS_MAX + 50);
    for (int look = 0; look < 3; look++) {
      watch.look();
      assertTrue(asked.getLast().size() <= TopicWatch.CHANNELS_MAX, "at once");
      asked.getLast().values().forEach(answer -> answer.complete(MADE));
    }

    assertEquals(3, asked.size());
    assertEquals(channels.size(), found.size());
    assertEquals(channels.keySet(), new HashSet<>(found));
    watch.look();
    assertTrue(channels.keySet().containsAll(asked.getLast().keySet()), "from the first again");
  }

  @Test
  void nothingMoreIsAsked_beforeAllIsKnownOfTheLast() {
    add(3);
    watch.look();
    List<CompletableFuture<Made>> answers = List.copyOf(asked.getFirst().values());
    answers.get(0).complete(MADE);
    answers.get(1).completeExceptionally(new IllegalStateException("away"));
    watch.look();
    assertEquals(1, asked.size());

    answers.get(2).complete(MADE);
    watch.look();

    assertEquals(2, asked.size());
    assertEquals(2, found.size());
    assertEquals(1, failed.size());
  }

  private void add(int count) {
    for (int i = 0; i < count; i++) {
      channels.put(new Channel("q" + i, Priority.NORMAL), MADE);
    }
  }

  private Map<Channel, CompletableFuture<Made>> ask(Collection<Channel> some) {
    Map<Channel, CompletableFuture<Made>> answers = new HashMap<>();
    some.forEach(channel -> answers.put(channel, new CompletableFuture<>()));
    asked.add(answers);
    return answers;
  }
}
