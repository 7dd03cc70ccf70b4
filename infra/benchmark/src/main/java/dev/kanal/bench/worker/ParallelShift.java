package dev.kanal.bench.worker;

import io.confluent.parallelconsumer.ParallelConsumerOptions;
import io.confluent.parallelconsumer.ParallelConsumerOptions.CommitMode;
import io.confluent.parallelconsumer.ParallelConsumerOptions.ProcessingOrder;
import io.confluent.parallelconsumer.ParallelStreamProcessor;
import java.util.List;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A Parallel Consumer at work: it produces each outcome, waits until Kafka has it, and commits now
 * and then in the background.
 *
 * <p>Only {@link ParallelLibrary} loads it, with the libraries that it needs. So it is public, and
 * can use of this package only what is.
 */
public final class ParallelShift implements ParallelPlan.Work {
  private final ParallelStreamProcessor<byte[], byte[]> processor;

  /** Begins. */
  public ParallelShift(ParallelPlan plan) {
    ParallelConsumerOptions<byte[], byte[]> options =
        ParallelConsumerOptions.<byte[], byte[]>builder()
            .ordering(ProcessingOrder.valueOf(plan.order()))
            .commitMode(CommitMode.PERIODIC_CONSUMER_ASYNCHRONOUS)
            .maxConcurrency(plan.threads())
            .consumer(
                new KafkaConsumer<>(
                    plan.consumer(), new ByteArrayDeserializer(), new ByteArrayDeserializer()))
            .producer(
                new KafkaProducer<>(
                    plan.producer(), new ByteArraySerializer(), new ByteArraySerializer()))
            .build();
    processor = ParallelStreamProcessor.createEosStreamProcessor(options);
    processor.subscribe(List.of(plan.tasks()));
    processor.pollAndProduce(
        context -> new ProducerRecord<>(plan.outcomes(), context.key(), plan.handler().get()));
  }

  @Override
  public boolean goesOn() {
    return !processor.isClosedOrFailed();
  }

  @Override
  public void close() {
    processor.closeDontDrainFirst();
  }
}
