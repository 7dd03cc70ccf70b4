package dev.kanal.bench.worker;

import io.confluent.parallelconsumer.ParallelConsumerOptions;
import io.confluent.parallelconsumer.ParallelConsumerOptions.CommitMode;
import io.confluent.parallelconsumer.ParallelConsumerOptions.ProcessingOrder;
import io.confluent.parallelconsumer.ParallelStreamProcessor;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Confluent's Parallel Consumer: it produces each outcome, waits until Kafka has it, and commits
 * now and then in the background.
 */
record ParallelCrew(ProcessingOrder order) implements Crew {
  /** It has a thread of the system for each: of 16, 64, 200 and 1,000 these were the fastest. */
  private static final int NOOP_THREADS = 200;

  @Override
  public ProducerRecord<byte[], byte[]> task(Site site, int number, boolean sleeps) {
    return Plain.task(site, number);
  }

  @Override
  public Shift start(Site site, Handling handling) {
    var consumer =
        new KafkaConsumer<>(
            Map.<String, Object>of(
                "bootstrap.servers",
                site.bootstrap(),
                "group.id",
                site.group() + "-parallel",
                "auto.offset.reset",
                "earliest",
                "enable.auto.commit",
                false),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    ParallelConsumerOptions<byte[], byte[]> options =
        ParallelConsumerOptions.<byte[], byte[]>builder()
            .ordering(order)
            .commitMode(CommitMode.PERIODIC_CONSUMER_ASYNCHRONOUS)
            .maxConcurrency(handling.sleeps() ? TopicOfTasks.SLOTS : NOOP_THREADS)
            .consumer(consumer)
            .producer(site.producer(Map.of("linger.ms", 1)))
            .build();
    ParallelStreamProcessor<byte[], byte[]> processor =
        ParallelStreamProcessor.createEosStreamProcessor(options);
    processor.subscribe(List.of(site.tasks()));
    processor.pollAndProduce(
        context -> {
          handling.handle();
          return Plain.outcome(site, context.key());
        });
    return new Shift() {
      @Override
      public boolean isIdle() {
        // It offers no count; the outcomes are enough.
        if (processor.isClosedOrFailed()) {
          throw new IllegalStateException("Expected a consumer that works, but it has stopped");
        }
        return true;
      }

      @Override
      public void close() {
        processor.closeDontDrainFirst();
      }
    };
  }
}
