package dev.kanal.bench.bare;

import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.state.Stores;

/** The stage of Streams: exactly once, a commit every second, states in RocksDB with a cache. */
final class BareStreams {
  private static final String SOURCE = "log";
  private static final String PROCESSOR = "states";
  private static final int THREADS = 2;
  private static final long COMMIT_MS = 1_000;
  private static final long CACHE_BYTES = 64L << 20;

  private BareStreams() {}

  static KafkaStreams start(
      String bootstrap, Path directory, LongAdder done, Consumer<Throwable> failed) {
    KafkaStreams streams = new KafkaStreams(topology(done), properties(bootstrap, directory));
    streams.setUncaughtExceptionHandler(
        fault -> {
          failed.accept(fault);
          return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
    streams.start();
    return streams;
  }

  private static Topology topology(LongAdder done) {
    return new Topology()
        .addSource(
            SOURCE, new ByteArrayDeserializer(), new ByteArrayDeserializer(), BarePrototype.LOG)
        .addProcessor(PROCESSOR, () -> new BareProcessor(done), SOURCE)
        .addStateStore(
            Stores.keyValueStoreBuilder(
                    Stores.persistentKeyValueStore(BareProcessor.STORE),
                    Serdes.ByteArray(),
                    Serdes.ByteArray())
                .withCachingEnabled(),
            PROCESSOR)
        .addSink(
            "tasks",
            BarePrototype.TASKS,
            new ByteArraySerializer(),
            new ByteArraySerializer(),
            PROCESSOR);
  }

  private static Properties properties(String bootstrap, Path directory) {
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "bare");
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
    properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    properties.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, COMMIT_MS);
    properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, THREADS);
    properties.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, CACHE_BYTES);
    properties.put(StreamsConfig.STATE_DIR_CONFIG, directory.toString());
    properties.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, 1);
    properties.put(
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
    properties.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "lz4");
    return properties;
  }
}
