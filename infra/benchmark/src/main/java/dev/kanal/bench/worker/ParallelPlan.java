package dev.kanal.bench.worker;

import java.util.Map;
import java.util.function.Supplier;

/**
 * What a {@link ParallelShift} is to do, in types of the JDK: its Kafka client is not ours.
 *
 * @param consumer settings
 * @param producer settings
 * @param order as the Parallel Consumer names it
 * @param threads how many tasks it may have in hand at once
 * @param tasks the topic to work off
 * @param outcomes the topic of their outcomes
 * @param handler does a task, and returns the outcome
 */
public record ParallelPlan(
    Map<String, Object> consumer,
    Map<String, Object> producer,
    String order,
    int threads,
    String tasks,
    String outcomes,
    Supplier<byte[]> handler) {
  /** A Parallel Consumer at work. */
  public interface Work extends AutoCloseable {
    /** Whether it has not failed. */
    boolean goesOn();

    @Override
    void close();
  }

  public ParallelPlan {
    consumer = Map.copyOf(consumer);
    producer = Map.copyOf(producer);
  }
}
