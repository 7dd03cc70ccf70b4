package dev.kanal.standalone;

import dev.kanal.common.clock.Ticker;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a start wait for Kafka: tries again and again, prints a line every ten seconds, and
 * meanwhile answers at the program's port. Belongs to the starting thread.
 */
final class KafkaWait {
  static final Duration TELL_EVERY = Duration.ofSeconds(10);

  private static final Logger log = LoggerFactory.getLogger(KafkaWait.class);
  private static final Duration AGAIN = Duration.ofMillis(500);

  private final Ticker ticker;
  private final Duration atMost;
  private final long startNanos;
  private long loggedNanos;

  /**
   * @param atMost how long to wait in total; zero: without end
   */
  KafkaWait(Ticker ticker, Duration atMost) {
    this.ticker = ticker;
    this.atMost = atMost;
    this.startNanos = ticker.nanos();
    this.loggedNanos = startNanos;
  }

  /** A step that needs Kafka. */
  interface Step<T> {
    T run() throws KafkaAway, StartProblem;
  }

  /**
   * The port at which the program will listen; none if it will not, or the port is to be a free
   * one.
   */
  record Place(String host, int port) {
    static final Place NONE = new Place("", 0);
  }

  /**
   * Takes the step once Kafka is there.
   *
   * @param probe blocks for some seconds until Kafka answers
   * @throws StartProblem if waiting does not help, or the time is up
   */
  <T> T until(Place place, Step<?> probe, Step<T> step) throws StartProblem {
    AtomicReference<String> why = new AtomicReference<>("Kafka is not there yet");
    WaitingRoom room = null;
    try {
      while (true) {
        room = room == null ? open(place, why) : room;
        try {
          probe.run();
          close(room);
          room = null;
          return step.run();
        } catch (KafkaAway away) {
          why.set(away.getMessage());
          report(away);
          LockSupport.parkNanos(AGAIN.toNanos());
        }
      }
    } finally {
      close(room);
    }
  }

  /**
   * Prints that something is not there yet, every ten seconds.
   *
   * @throws StartProblem if the time is up
   */
  void report(KafkaAway away) throws StartProblem {
    long now = ticker.nanos();
    Duration waited = Duration.ofNanos(now - startNanos);
    if (!atMost.isZero() && waited.compareTo(atMost) >= 0) {
      throw new StartProblem(away.getMessage() + " (kafka.start-timeout)", away);
    }
    if (now - loggedNanos >= TELL_EVERY.toNanos()) {
      loggedNanos = now;
      log.warn("Still waiting after {} s: {}", waited.toSeconds(), away.getMessage());
    }
  }

  private static @Nullable WaitingRoom open(Place place, AtomicReference<String> why) {
    if (place.port <= 0) {
      return null;
    }
    try {
      return WaitingRoom.open(place.host, place.port, why::get);
    } catch (IOException e) {
      log.debug("Nobody answers at port {} until Kafka is there", place.port, e);
      return null;
    }
  }

  private static void close(@Nullable WaitingRoom room) {
    if (room != null) {
      room.close();
    }
  }
}
