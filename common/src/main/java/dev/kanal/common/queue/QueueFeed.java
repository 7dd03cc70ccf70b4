package dev.kanal.common.queue;

import dev.kanal.common.binary.UnreadableException;
import dev.kanal.common.channel.CompactedFeed;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the topic of queues from the beginning and without end, on a thread of its own. What is
 * read twice does no harm.
 */
public final class QueueFeed implements CompactedFeed.Reader, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(QueueFeed.class);

  private final KnownQueues known;
  private final Consumer<QueueRecord> onNews;
  private final CompactedFeed feed;

  /**
   * @param client settings of the consumer, brokers among them
   * @param topic of the queues
   * @param onNews called by the reading thread for each change; must not block
   */
  public QueueFeed(
      Map<String, Object> client, String topic, KnownQueues known, Consumer<QueueRecord> onNews) {
    this.known = known;
    this.onNews = onNews;
    this.feed = new CompactedFeed(client, topic, "kanal-queue-feed", this);
  }

  public void start() {
    feed.start();
  }

  /** Stops reading; waits some seconds for the thread to end. */
  @Override
  public void close() {
    feed.close();
  }

  @Override
  public void take(ConsumerRecord<byte[], byte[]> record, boolean news) {
    try {
      QueueRecord said = QueueRecords.decode(record);
      if (known.take(said)) {
        onNews.accept(said);
      }
    } catch (UnreadableException e) {
      log.warn(
          "Expected the settings of a queue at {}@{}, but: {}",
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
