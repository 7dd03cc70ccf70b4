package dev.kanal.worker.start;

import dev.kanal.common.access.BrokerProbe;
import dev.kanal.common.clock.Ticker;
import dev.kanal.worker.KafkaAwayException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a worker with a wrong address from waiting in silence: its start fails, or the problem is
 * reported while it goes on trying.
 */
public final class KafkaStart {
  /** When a problem is first reported. */
  public static final Duration TELL_AFTER = Duration.ofSeconds(8);

  static final Duration TELL_EVERY = Duration.ofSeconds(10);
  static final Duration LOOK_EVERY = Duration.ofMillis(500);

  private static final Logger log = LoggerFactory.getLogger(KafkaStart.class);
  private static final String ADVICE =
      ": start it, or correct the worker's bootstrap and Kafka settings";

  private final String bootstrap;
  private final Map<String, Object> settings;
  private final String topic;

  /** Waits for an answer. */
  private volatile @Nullable Admin opening;

  private volatile boolean givenUp;

  /**
   * @param settings of Kafka's clients
   * @param topic a topic that exists wherever Kanal is
   */
  public KafkaStart(Map<String, Object> settings, String topic) {
    this.settings = settings;
    Object brokers = settings.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG);
    this.bootstrap =
        brokers instanceof List<?> list
            ? list.stream().map(String::valueOf).collect(Collectors.joining(","))
            : String.valueOf(brokers);
    this.topic = topic;
  }

  /** The brokers that are asked first, with commas in between. */
  public String bootstrap() {
    return bootstrap;
  }

  /**
   * A client for brokers that answer.
   *
   * @param atMost how long to wait for that; zero not at all
   * @throws KafkaAwayException if they do not answer, or refuse to
   */
  public Admin open(Duration atMost) {
    Admin admin;
    try {
      admin = Admin.create(settings);
    } catch (KafkaException e) {
      throw away(BrokerProbe.unusable(bootstrap, e));
    }
    opening = admin;
    boolean answered = false;
    try {
      if (givenUp) {
        admin.close(Duration.ZERO);
      }
      Optional<BrokerProbe.Trouble> trouble =
          atMost.isZero() ? Optional.empty() : BrokerProbe.ask(admin, bootstrap, atMost);
      if (trouble.isPresent()) {
        throw away(trouble.get());
      }
      answered = true;
      return admin;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaAwayException("Interrupted while waiting for Kafka at " + bootstrap, e);
    } finally {
      opening = null;
      if (!answered) {
        admin.close(Duration.ZERO);
      }
    }
  }

  /**
   * Makes a wait for brokers fail at once, now or later. A client that was handed out meanwhile may
   * be closed. Usable from any thread.
   */
  public void giveUp() {
    givenUp = true;
    Admin admin = opening;
    if (admin != null) {
      admin.close(Duration.ZERO);
    }
  }

  /**
   * Reports again and again what is wrong, until nothing is.
   *
   * @param executor is not blocked
   */
  public void watch(
      Admin admin,
      Ticker ticker,
      Consumer<KafkaAwayException> listener,
      ScheduledExecutorService executor) {
    new Watch(admin, ticker, listener, executor).run();
  }

  private static KafkaAwayException away(BrokerProbe.Trouble trouble) {
    return new KafkaAwayException(trouble.message() + ADVICE, trouble.cause());
  }

  /** Belongs to one thread at a time; never blocks. */
  private final class Watch implements Runnable {
    private final Admin admin;
    private final Ticker ticker;
    private final Consumer<KafkaAwayException> listener;
    private final ScheduledExecutorService executor;
    private final long startNanos;
    private long nextNanos;
    private boolean reported;
    private @Nullable CompletableFuture<?> question;
    private KafkaAwayException trouble;

    private Watch(
        Admin admin,
        Ticker ticker,
        Consumer<KafkaAwayException> listener,
        ScheduledExecutorService executor) {
      this.admin = admin;
      this.ticker = ticker;
      this.listener = listener;
      this.executor = executor;
      this.startNanos = ticker.nanos();
      this.nextNanos = startNanos + TELL_AFTER.toNanos();
      this.trouble = away(BrokerProbe.failed(bootstrap, new TimeoutException("no answer yet")));
    }

    @Override
    public void run() {
      CompletableFuture<?> asked = question;
      if (asked == null) {
        question = ask();
      } else if (asked.state() == Future.State.SUCCESS) {
        if (reported) {
          log.info("Kafka at {} is there, and Kanal in it", bootstrap);
        }
        return;
      } else if (asked.isDone()) {
        trouble = trouble(asked.exceptionNow());
        question = ask();
      }
      long now = ticker.nanos();
      if (now - nextNanos >= 0) {
        nextNanos = now + TELL_EVERY.toNanos();
        report(Duration.ofNanos(now - startNanos));
      }
      var _ = executor.schedule(this, LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    private CompletableFuture<?> ask() {
      return admin
          .describeTopics(List.of(topic))
          .allTopicNames()
          .toCompletionStage()
          .toCompletableFuture();
    }

    private KafkaAwayException trouble(Throwable thrown) {
      Throwable cause =
          thrown instanceof CompletionException && thrown.getCause() != null
              ? thrown.getCause()
              : thrown;
      if (cause instanceof UnknownTopicOrPartitionException) {
        return new KafkaAwayException(
            "Kafka at %s has no topic %s: start a scheduler there, or correct the worker's bootstrap or prefix"
                .formatted(bootstrap, topic),
            cause);
      }
      return away(BrokerProbe.failed(bootstrap, cause));
    }

    private void report(Duration waited) {
      reported = true;
      log.warn(
          "No task could be taken in the {} s since the start: {}",
          waited.toSeconds(),
          trouble.getMessage());
      try {
        listener.accept(trouble);
      } catch (RuntimeException e) {
        log.warn("The listener for Kafka's absence failed", e);
      }
    }
  }
}
