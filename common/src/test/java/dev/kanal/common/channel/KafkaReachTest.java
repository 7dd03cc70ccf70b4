package dev.kanal.common.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.clock.ManualClocks;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class KafkaReachTest {
  private static final Duration LOOK = Duration.ofMillis(100);

  private final ManualClocks clocks = new ManualClocks();
  private final KafkaReach reach =
      new KafkaReach(
          new KafkaReach.Words("one:1,two:2", "submits are refused", "submits are taken"),
          clocks.clocks());
  private final Brokers brokers = new Brokers();

  @Test
  void shouldNameTheBrokersAndSinceWhen_withinSeconds() {
    looks(Duration.ofSeconds(10));
    assertNull(reach.away());

    brokers.up = false;
    Instant went = clocks.clocks().wall().instant();
    looks(Duration.ofSeconds(4));

    String why = reach.away();
    assertNotNull(why);
    assertTrue(why.startsWith("Kafka (one:1,two:2) is out of reach since "), why);
    Instant since = reach.awaySince();
    assertNotNull(since);
    assertTrue(Duration.between(went, since).abs().compareTo(Duration.ofSeconds(1)) <= 0);
  }

  @Test
  void shouldBeBack_withinASecondOfKafka_andNotBefore() {
    brokers.up = false;
    looks(Duration.ofSeconds(90));
    assertNotNull(reach.away());
    assertTrue(reach.awayFor().compareTo(Duration.ofSeconds(85)) > 0);

    brokers.up = true;
    looks(Duration.ofSeconds(1));

    assertNull(reach.away());
    assertEquals(Duration.ZERO, reach.awayFor());
  }

  @Test
  void shouldNotLetWhatIsKnownGetOld_whileKafkaIsAway() {
    looks(Duration.ofSeconds(2));
    long before = reach.ticker().nanos();
    looks(Duration.ofSeconds(2));
    assertEquals(Duration.ofSeconds(2).toNanos(), reach.ticker().nanos() - before);
    brokers.up = false;
    looks(Duration.ofSeconds(90));

    long away = reach.ticker().nanos() - before;
    brokers.up = true;
    looks(Duration.ofSeconds(2));

    assertTrue(away < Duration.ofSeconds(7).toNanos(), () -> "nanos: " + away);
    long after = reach.ticker().nanos() - before;
    assertTrue(after >= away && after < Duration.ofSeconds(10).toNanos(), () -> "nanos: " + after);
  }

  @Test
  void shouldFailWhatWaitsForKafka_onceItIsSilent_andAtOnceWhileItIsAway() {
    looks(Duration.ofSeconds(2));
    brokers.up = false;
    CompletableFuture<String> waiting = reach.guard(new CompletableFuture<>());
    looks(Duration.ofSeconds(1));
    assertFalse(waiting.isDone());

    looks(Duration.ofMillis(1_200));

    assertInstanceOf(SendFailedException.class, waiting.exceptionNow());
    looks(Duration.ofSeconds(3));
    CompletableFuture<String> late = reach.guard(new CompletableFuture<>());
    assertInstanceOf(SendFailedException.class, late.exceptionNow());
  }

  @Test
  void shouldLetWhatWaitsForKafkaWait_whileKafkaAnswersOthers() {
    CompletableFuture<String> slow = new CompletableFuture<>();
    CompletableFuture<String> waiting = reach.guard(slow);
    looks(Duration.ofSeconds(30));
    assertFalse(waiting.isDone());

    slow.complete("late");

    assertEquals("late", waiting.resultNow());
    assertSame(slow, reach.guard(slow));
  }

  @Test
  void shouldSayThatItTakesNothing_whenItAnswersQuestionsOnly() {
    brokers.takes = false;
    looks(Duration.ofSeconds(1));
    assertNull(reach.away());

    reach.failed(clocks.clocks().ticker().nanos());
    looks(Duration.ofSeconds(1));

    String why = reach.away();
    assertNotNull(why);
    assertTrue(why.contains("takes nothing since"), why);
    brokers.takes = true;
    looks(Duration.ofSeconds(1));
    assertNull(reach.away());
  }

  @Test
  void shouldStayInReach_whenTheProcessStoodStill() {
    looks(Duration.ofSeconds(1));
    brokers.up = false;
    reach.look(brokers);
    clocks.advance(Duration.ofSeconds(20));
    brokers.up = true;

    looks(Duration.ofSeconds(2));

    assertNull(reach.away());
  }

  private void looks(Duration time) {
    for (Duration done = Duration.ZERO; done.compareTo(time) < 0; done = done.plus(LOOK)) {
      clocks.advance(LOOK);
      reach.look(brokers);
    }
  }

  /** Answer at once, or never. */
  private static final class Brokers implements KafkaReach.Probe {
    private boolean up = true;
    private boolean takes = true;

    @Override
    public CompletableFuture<?> ask() {
      return up ? CompletableFuture.completedFuture("cluster") : new CompletableFuture<>();
    }

    @Override
    public CompletableFuture<?> send() {
      return up && takes
          ? CompletableFuture.completedFuture("taken")
          : CompletableFuture.failedFuture(new SendFailedException("not taken"));
    }
  }
}
