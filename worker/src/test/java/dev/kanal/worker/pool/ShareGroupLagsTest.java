package dev.kanal.worker.pool;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.channel.Topics;
import dev.kanal.common.job.Priority;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.NotCoordinatorException;
import org.junit.jupiter.api.Test;

final class ShareGroupLagsTest {
  private static final Topics TOPICS = new Topics("kanal");

  private final Scripted brokers = new Scripted();
  private final ShareGroupLags lags = new ShareGroupLags(brokers, TOPICS, Set.of("mine"));

  @Test
  void shouldAskAboutAllQueues_whenThereAreFew() {
    assertEquals(List.of("c", "a", "b"), ShareGroupLags.next(Set.of("a", "b", "c"), "b"));
    assertEquals(List.of("a", "b"), ShareGroupLags.next(Set.of("a", "b"), ""));
    assertEquals(List.of(), ShareGroupLags.next(Set.of(), "gone"));
  }

  @Test
  void shouldAskAboutAFewInTurn_whenThereAreMany() {
    Set<String> queues =
        IntStream.range(0, 95).mapToObj(i -> "queue-" + i).collect(Collectors.toSet());
    Set<String> asked = new HashSet<>();
    String last = "";
    for (int look = 0; look < 5; look++) {
      List<String> next = ShareGroupLags.next(queues, last);
      assertEquals(ShareGroupLags.ASKED_AT_ONCE, next.size());
      asked.addAll(next);
      last = next.getLast();
    }
    assertTrue(asked.containsAll(queues), "five looks at twenty");
  }

  @Test
  void shouldAddUpWhatThisWorkerReads() {
    brokers.lags.put("a", 3L);
    brokers.lags.put("b", 0L);
    assertEquals(Map.of("a", 6L, "b", 0L), lags.of(Set.of("a", "b")));
  }

  @Test
  void shouldCountWhatCouldBeRead_whenAQueueGetsNoAnswer() {
    brokers.lags.put("a", 3L);
    brokers.lags.put("c", 1L);
    brokers.failing.put("b", new ExecutionException(new NotCoordinatorException("moves")));
    assertEquals(Map.of("a", 6L, "c", 2L), lags.of(Set.of("a", "b", "c")));

    brokers.failing.put("b", new ExecutionException(new GroupIdNotFoundException("none")));
    assertEquals(Map.of("a", 6L, "b", 0L, "c", 2L), lags.of(Set.of("a", "b", "c")));
  }

  @Test
  void shouldGoOnWithTheNext_whenAQueueGetsNoAnswerInTime() {
    brokers.lags.put("a", 3L);
    brokers.lags.put("c", 1L);
    brokers.failing.put("b", new TimeoutException());
    assertEquals(Map.of("a", 6L), lags.of(Set.of("a", "b", "c")));
    assertEquals(Map.of("a", 6L, "c", 2L), lags.of(Set.of("a", "b", "c")));
    assertEquals(List.of("a", "b", "c", "a", "b"), brokers.asked);
  }

  /** Knows a lag of two topics that the worker reads, and of two that it does not. */
  private static final class Scripted implements ShareGroupLags.Brokers {
    private final Map<String, Long> lags = new HashMap<>();
    private final Map<String, Exception> failing = new HashMap<>();
    private final List<String> asked = new ArrayList<>();

    @Override
    public Map<TopicPartition, SharePartitionOffsetInfo> offsets(String group)
        throws ExecutionException, TimeoutException {
      String queue =
          Stream.of("a", "b", "c")
              .filter(each -> TOPICS.workerGroup(each).equals(group))
              .findFirst()
              .orElseThrow();
      asked.add(queue);
      switch (failing.get(queue)) {
        case ExecutionException e -> throw e;
        case TimeoutException e -> throw e;
        case null, default -> {}
      }
      var info =
          new SharePartitionOffsetInfo(
              0, Optional.empty(), Optional.of(requireNonNull(lags.get(queue), queue)));
      return Map.of(
          new TopicPartition(TOPICS.tasks(queue, Priority.NORMAL), 0), info,
          new TopicPartition(TOPICS.own(queue, Priority.LOW, "mine"), 1), info,
          new TopicPartition(TOPICS.own(queue, Priority.LOW, "other"), 0), info,
          new TopicPartition("foreign", 0), info);
    }

    @Override
    public Map<TopicPartition, Long> existing(
        Map<TopicPartition, SharePartitionOffsetInfo> offsets) {
      Map<TopicPartition, Long> all = new HashMap<>();
      offsets.forEach((partition, info) -> all.put(partition, info.lag().orElseThrow()));
      return all;
    }
  }
}
