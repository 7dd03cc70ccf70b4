package dev.kanal.scheduler.engine.streams;

import dev.kanal.common.clock.Ticker;
import dev.kanal.common.telemetry.Hop;
import dev.kanal.scheduler.engine.measure.EngineMetrics;
import dev.kanal.scheduler.engine.out.CommitBarrier;
import dev.kanal.scheduler.engine.read.LocalShards;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaClientSupplier;

/**
 * Kafka Streams' clients: its producers commit only behind the {@link CommitBarrier}, and each poll
 * of a stream thread shows that its shards go on. A punctuator would show the same, but after each
 * Kafka Streams commits a transaction, also if nothing has happened.
 */
final class BarrierClients implements KafkaClientSupplier {
  private final CommitBarrier barrier;
  private final EngineMetrics metrics;
  private final LocalShards shards;
  private final Ticker ticker;

  BarrierClients(CommitBarrier barrier, EngineMetrics metrics, LocalShards shards) {
    this.barrier = barrier;
    this.metrics = metrics;
    this.shards = shards;
    this.ticker = shards.ticker();
  }

  @Override
  public Admin getAdmin(Map<String, Object> config) {
    return Admin.create(config);
  }

  @Override
  public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
    return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer()) {
      @Override
      public void commitTransaction() {
        long begun = ticker.nanos();
        Hop.note(Hop.Place.COMMITTING);
        barrier.await();
        super.commitTransaction();
        RowBuffer.committed();
        Hop.note(Hop.Place.COMMITTED);
        metrics.committed(ticker.nanos() - begun);
      }

      @Override
      public void abortTransaction() {
        super.abortTransaction();
        RowBuffer.aborted();
      }
    };
  }

  @Override
  public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer()) {
      @Override
      public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        ConsumerRecords<byte[], byte[]> records = super.poll(timeout);
        for (TopicPartition partition : records.partitions()) {
          var last = records.records(partition).getLast();
          Hop.note(Hop.Place.POLLED, partition.partition(), last.offset());
        }
        for (TopicPartition partition : assignment()) {
          shards.alive(partition.partition());
        }
        return records;
      }
    };
  }

  @Override
  public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
    return consumer(config);
  }

  @Override
  public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
    return consumer(config);
  }

  private static Consumer<byte[], byte[]> consumer(Map<String, Object> config) {
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }
}
