package dev.kanal.common.worker;

import dev.kanal.common.binary.UnreadableException;
import dev.kanal.common.channel.CompactedFeed;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the topic of workers, all of it and for ever, on a thread of its own. */
public final class WorkerFeed implements CompactedFeed.Reader, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(WorkerFeed.class);

  private final KnownWorkers known;
  private final InstantSource wall;
  private final CompactedFeed feed;

  /**
   * @param client settings of the consumer, brokers among them
   * @param topic of the workers
   */
  public WorkerFeed(
      Map<String, Object> client, String topic, KnownWorkers known, InstantSource wall) {
    this.known = known;
    this.wall = wall;
    this.feed = new CompactedFeed(client, topic, "kanal-worker-feed", this);
  }

  public void start() {
    feed.start();
  }

  /** Whether the topic has been seen to exist. */
  public boolean found() {
    return feed.found();
  }

  /** Stops to read; waits some seconds for it. */
  @Override
  public void close() {
    feed.close();
  }

  /** Of what was said before, nobody knows when it was but by the clocks of others. */
  @Override
  public void take(ConsumerRecord<byte[], byte[]> record, boolean news) {
    try {
      String id = WorkerRecords.id(record);
      if (record.value() == null) {
        known.remove(id);
        return;
      }
      long agoMs = news ? 0 : Math.max(0, wall.millis() - record.timestamp());
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
