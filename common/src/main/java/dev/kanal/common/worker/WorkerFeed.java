package dev.kanal.common.worker;

import dev.kanal.common.binary.UnreadableException;
import dev.kanal.common.channel.CompactedFeed;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the topic of workers from the beginning and without end, on a thread of its own. */
public final class WorkerFeed implements CompactedFeed.Reader, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(WorkerFeed.class);

  /**
   * A fetch waits for this many bytes, half a second at most: each worker writes a record each
   * second, and all read it.
   */
  private static final int BATCH_BYTES = 8 << 10;

  /** Pulses from before the reading began are ignored if they are older than this. */
  private static final Duration PULSE_MAX_AGE = Duration.ofMinutes(5);

  private final KnownWorkers known;
  private final Words words;
  private final InstantSource wall;
  private final CompactedFeed feed;

  /** Receives signs of life, on the reading thread; must not block. */
  public interface Words {
    /** For readers that do not need them. */
    Words UNHEARD =
        new Words() {
          @Override
          public void heard(String id) {}

          @Override
          public void gone(String id) {}
        };

    /** The worker lived a moment ago, or shortly before the reading began. */
    void heard(String id);

    /** The worker has reported that it stopped. */
    void gone(String id);
  }

  /**
   * @param client settings of the consumer, brokers among them
   * @param topic of the workers
   */
  public WorkerFeed(
      Map<String, Object> client, String topic, KnownWorkers known, InstantSource wall) {
    this(client, topic, known, Words.UNHEARD, wall);
  }

  /** The same, and reports each sign of life. */
  public WorkerFeed(
      Map<String, Object> client,
      String topic,
      KnownWorkers known,
      Words words,
      InstantSource wall) {
    this.known = known;
    this.words = words;
    this.wall = wall;
    Map<String, Object> settings = new HashMap<>(client);
    settings.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, BATCH_BYTES);
    this.feed = new CompactedFeed(settings, topic, "kanal-worker-feed", this);
  }

  public void start() {
    feed.start();
  }

  /** Whether the topic has been seen to exist. */
  public boolean found() {
    return feed.found();
  }

  /** Stops reading; waits some seconds for the thread to end. */
  @Override
  public void close() {
    feed.close();
  }

  /** When an earlier record was written is known only by the clocks of other machines. */
  @Override
  public void take(ConsumerRecord<byte[], byte[]> record, boolean news) {
    try {
      long agoMs = news ? 0 : Math.max(0, wall.millis() - record.timestamp());
      Optional<String> pulse = WorkerRecords.pulseOf(record);
      if (pulse.isPresent()) {
        if (agoMs < PULSE_MAX_AGE.toMillis()) {
          words.heard(pulse.get());
        }
        return;
      }
      if (record.value() == null) {
        String id = WorkerRecords.id(record);
        known.remove(id);
        words.gone(id);
        return;
      }
      known.take(WorkerReportJson.read(record.value()), Duration.ofMillis(agoMs));
    } catch (UnreadableException e) {
      log.warn(
          "Expected a worker's report at {}@{}, but: {}",
          record.topic(),
          record.offset(),
          e.getMessage());
    }
  }

  @Override
  public void reachedEnd() {
    known.reachedEnd();
  }
}
