package dev.kanal.scheduler.engine.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class GatheredLogEndsTest {
  private final List<Map<Integer, CompletableFuture<Long>>> requests = new ArrayList<>();
  private final GatheredLogEnds ends = new GatheredLogEnds(this::request, Duration.ofHours(1));

  @Test
  void shouldAskAtOnce_whenNothingIsUnderWay() {
    CompletableFuture<Long> end = ends.of(3);
    asked(0, 3).complete(7L);
    assertEquals(7L, end.join());
    var _ = ends.of(3);
    assertEquals(2, requests.size());
  }

  /** Its question came after: the log may have grown since the first was answered there. */
  @Test
  void shouldNotAnswerByARequestThatIsUnderWay() {
    CompletableFuture<Long> first = ends.of(3);
    CompletableFuture<Long> second = ends.of(3);
    asked(0, 3).complete(7L);
    assertEquals(7L, first.join());
    assertFalse(second.isDone());
    asked(1, 3).complete(8L);
    assertEquals(8L, second.join());
  }

  @Test
  void shouldAskForAllTogether_whoCameMeanwhile() {
    var _ = ends.of(0);
    List<CompletableFuture<Long>> others = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      others.add(ends.of(i % 4));
    }
    asked(0, 0).complete(1L);
    assertEquals(2, requests.size());
    assertEquals(Set.of(0, 1, 2, 3), requests.get(1).keySet());
    requests.get(1).forEach((shard, answer) -> answer.complete(10L + shard));
    assertEquals(
        Set.of(10L, 11L, 12L, 13L),
        others.stream().map(CompletableFuture::join).collect(Collectors.toSet()));
  }

  @Test
  @Timeout(30)
  void shouldNotHoldUpOthers_whenABrokerDoesNotAnswer() throws Exception {
    GatheredLogEnds paced = new GatheredLogEnds(this::request, GatheredLogEnds.PACE_MAX);
    CompletableFuture<Long> stuck = paced.of(0);
    CompletableFuture<Long> other = paced.of(1);
    CompletableFuture<Void> another =
        CompletableFuture.runAsync(
            () -> {
              while (count() < 2) {
                Thread.onSpinWait();
              }
            });
    another.get(20, TimeUnit.SECONDS);
    asked(1, 1).complete(5L);
    assertEquals(5L, other.join());
    assertFalse(stuck.isDone());
  }

  @Test
  void shouldFailThoseWhoAsked_andGoOn_whenKafkaIsAway() {
    CompletableFuture<Long> end = ends.of(0);
    asked(0, 0).completeExceptionally(new KafkaException("away"));
    assertTrue(
        assertThrows(CompletionException.class, end::join).getCause() instanceof KafkaException);
    CompletableFuture<Long> later = ends.of(0);
    asked(1, 0).complete(2L);
    assertEquals(2L, later.join());
  }

  @Test
  void shouldAnswerOthers_whenOneHasGivenUp() {
    var _ = ends.of(0);
    CompletableFuture<Long> impatient = ends.of(0);
    CompletableFuture<Long> patient = ends.of(0);
    impatient.cancel(false);
    asked(0, 0).complete(1L);
    asked(1, 0).complete(2L);
    assertEquals(2L, patient.join());
  }

  private Map<Integer, CompletableFuture<Long>> request(Set<Integer> shards) {
    Map<Integer, CompletableFuture<Long>> answers =
        shards.stream().collect(Collectors.toMap(shard -> shard, _ -> new CompletableFuture<>()));
    synchronized (requests) {
      requests.add(answers);
    }
    return answers;
  }

  /** The answer that a request waits for. */
  private CompletableFuture<Long> asked(int request, int shard) {
    return Objects.requireNonNull(requests.get(request).get(shard));
  }

  private int count() {
    synchronized (requests) {
      return requests.size();
    }
  }
}
