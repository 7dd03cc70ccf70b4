package dev.kanal.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class OncePerSecondTest {
  private final LoggerContext context = new LoggerContext();
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
  private final OncePerSecond once = new OncePerSecond();

  @BeforeEach
  void start() {
    logged.start();
    once.setContext(context);
    once.addAppender(logged);
    once.start();
  }

  @Test
  void theSameTroubleIsLoggedOnceASecond_withHowManyWereLeftOut() {
    for (int i = 0; i < 50; i++) {
      log(Level.WARN, "Shard {} does not answer", i, i * 10L);
    }
    log(Level.WARN, "Shard {} does not answer", 50, 1_000);

    assertEquals(
        List.of(
            "Shard 0 does not answer",
            "49 more of these in a second, such as: Shard 49 does not answer",
            "Shard 50 does not answer"),
        logged());
  }

  @Test
  void whatWasLeftOutIsLoggedWithWhatComesNext() {
    log(Level.ERROR, "It failed", 0, 0);
    log(Level.ERROR, "It failed", 0, 10);
    log(Level.INFO, "Something else", 0, 2_000);

    assertEquals(
        List.of("It failed", "1 more of these in a second, such as: It failed", "Something else"),
        logged());
  }

  @Test
  void othersAndInformationAreAllLogged() {
    for (int i = 0; i < 3; i++) {
      log(Level.INFO, "Queue {} has grown", i, 0);
      log(Level.WARN, "Trouble of kind " + i, i, 0);
    }
    assertEquals(6, logged().size());
  }

  @Test
  void beyondTheBoundAllIsLogged() {
    for (int i = 0; i < OncePerSecond.KINDS_MAX; i++) {
      log(Level.WARN, "Kind " + i, i, 0);
    }
    log(Level.WARN, "One more", 0, 0);
    log(Level.WARN, "One more", 0, 0);

    assertEquals(OncePerSecond.KINDS_MAX + 2, logged().size());
  }

  private List<String> logged() {
    return logged.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  private void log(Level level, String message, int argument, long atMs) {
    LoggingEvent event =
        new LoggingEvent(
            "here", context.getLogger("test"), level, message, null, new Object[] {argument});
    event.setInstant(Instant.ofEpochMilli(1_000_000 + atMs));
    once.doAppend(event);
  }
}
