package dev.kanal.worker.report;

import dev.kanal.common.channel.KafkaSink;
import dev.kanal.common.channel.Sink;
import dev.kanal.common.channel.Topics;
import dev.kanal.common.log.LogCodec;
import dev.kanal.common.log.ToShard;
import dev.kanal.common.log.WorkerRef;
import dev.kanal.common.worker.WorkerRecords;
import dev.kanal.common.worker.WorkerReport;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The one producer of a worker, so that everything it sends arrives in order. Its sinks share it:
 * closing one closes all. Not compressed: outcomes are short and go to all shards in turn, and each
 * batch would cost two large buffers. Usable from any thread; may block for a second.
 */
public final class EventProducer {
  private static final int MAX_REQUEST_BYTES = 2 << 20;

  private final Producer<byte[], byte[]> producer;
  private final Topics topics;
  private final WorkerRef worker;

  /**
   * @param client settings of clients, brokers among them
   */
  public EventProducer(Map<String, Object> client, Topics topics, WorkerRef worker) {
    this.topics = topics;
    this.worker = worker;
    Map<String, Object> settings = new HashMap<>(client);
    settings.put(ProducerConfig.CLIENT_ID_CONFIG, worker.name() + "-events");
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    settings.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
    settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    settings.put(ProducerConfig.BATCH_SIZE_CONFIG, Sink.BATCH_BYTES);
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 1_000);
    settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_REQUEST_BYTES);
    this.producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** A sink to the log, by shard. */
  public Sink<ToShard> log() {
    return new KafkaSink<>(
        producer,
        event ->
            new ProducerRecord<>(
                topics.log(), event.shard(), null, LogCodec.encode(event.entry())));
  }

  /** A sink to the quarantine. */
  public Sink<Unread> quarantine() {
    return new KafkaSink<>(producer, unread -> unread.toQuarantine(topics.quarantine()));
  }

  /** A sink to the topic of workers; an empty report withdraws the last one. */
  public Sink<Optional<WorkerReport>> reports() {
    return new KafkaSink<>(
        producer, report -> WorkerRecords.encode(topics.workers(), worker, report.orElse(null)));
  }

  /** A sink for signs of life of this or another worker. */
  public Sink<WorkerRef> pulses() {
    return new KafkaSink<>(producer, of -> WorkerRecords.pulse(topics.workers(), of));
  }

  /** How many shards there are; blocks until Kafka has answered once. */
  public int shards() {
    return producer.partitionsFor(topics.log()).size();
  }
}
