package dev.kanal.common.upkeep;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.kanal.common.upkeep.Housekeeper.Round;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** What holds for everything that a housekeeper does. */
@Timeout(30)
final class HousekeeperTest {
  private static final Duration EVERY = Duration.ofMillis(1);

  private final BlockingQueue<Thread> rounds = new LinkedBlockingQueue<>();
  private int failures; // the rounds' thread

  @Test
  void shouldRunRoundsOnOneDaemonThreadOfItsName_untilItIsClosed() throws Exception {
    Thread thread;
    try (Housekeeper keeper = keeper(() -> {})) {
      keeper.start();
      keeper.start();
      thread = next();
      assertEquals("kanal-test", thread.getName());
      assertTrue(thread.isDaemon());
      for (int more = 0; more < 10; more++) {
        assertEquals(thread, next());
      }
    }
    thread.join();
  }

  @Test
  void shouldDoNothing_whenItIsClosedAgainOrStartedAfterwards() {
    Housekeeper keeper = keeper(() -> {});
    keeper.close();
    keeper.close();
    keeper.start();
    keeper.close();
    assertEquals(0, rounds.size());
  }

  @Test
  void shouldInterruptTheRoundThatRuns_whenItIsClosed() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    Housekeeper keeper =
        keeper(
            () -> {
              try {
                never.await();
              } catch (InterruptedException e) {
                interrupted.countDown();
                throw e;
              }
            });
    keeper.start();
    Thread thread = next();
    keeper.close();
    interrupted.await();
    thread.join();
  }

  @Test
  void shouldGoOnAndLogOneLine_whenRoundsThrowTheSame() throws Exception {
    Logger logger = (Logger) LoggerFactory.getLogger(Housekeeper.class);
    ListAppender<ILoggingEvent> logged = new ListAppender<>();
    logged.start();
    logger.addAppender(logged);
    Thread thread;
    try (Housekeeper keeper = keeper(this::fail)) {
      keeper.start();
      thread = next();
      for (int more = 1; more < 6; more++) {
        assertEquals(thread, next());
      }
    } finally {
      logger.detachAppender(logged);
    }
    thread.join();
    assertEquals(
        List.of(
            "Expected to test, but: java.io.IOException: planted; trying again",
            "Expected to test, but: java.lang.IllegalStateException: another; trying again",
            "Expected to test, but: java.io.IOException: planted; trying again"),
        logged.list.stream()
            .filter(each -> each.getLevel() == Level.WARN)
            .map(ILoggingEvent::getFormattedMessage)
            .toList());
  }

  @Test
  void shouldWaitAsLongAsARoundSays_butNotWhenItIsWoken() throws Exception {
    Duration ever = Duration.ofDays(100);
    CountDownLatch goOn = new CountDownLatch(1);
    Round first = goOn::await;
    try (Housekeeper keeper =
        Housekeeper.paced(
            "kanal-test",
            "test",
            EVERY,
            () -> {
              rounds.add(Thread.currentThread());
              first.run();
              return ever;
            })) {
      keeper.wake();
      assertEquals(0, rounds.size(), "it is not started");
      keeper.start();
      next();
      keeper.wake();
      goOn.countDown();
      next(); // as it was woken in the first round
      keeper.wake();
      next();
    }
    assertEquals(0, rounds.size());
  }

  /** Fails four times, once in another way, is well, and fails again and again. */
  private void fail() throws IOException {
    failures++;
    if (failures == 3) {
      throw new IllegalStateException("another");
    }
    if (failures < 3 || failures > 4) {
      throw new IOException("planted");
    }
  }

  private Housekeeper keeper(Round round) {
    return new Housekeeper(
        "kanal-test",
        "test",
        EVERY,
        () -> {
          rounds.add(Thread.currentThread());
          round.run();
        });
  }

  private Thread next() throws InterruptedException {
    return requireNonNull(rounds.poll(20, TimeUnit.SECONDS), "a round in time");
  }
}
