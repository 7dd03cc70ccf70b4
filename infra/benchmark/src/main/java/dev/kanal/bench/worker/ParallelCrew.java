package dev.kanal.bench.worker;

import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Confluent's Parallel Consumer. */
record ParallelCrew(Order order) implements Crew {
  /** It has a thread of the system for each: of 16, 64, 200 and 1,000 these were the fastest. */
  private static final int NOOP_THREADS = 200;

  /** As the Parallel Consumer calls them. */
  enum Order {
    UNORDERED,
    KEY
  }

  @Override
  public ProducerRecord<byte[], byte[]> task(Site site, int number, boolean sleeps) {
    return Plain.task(site, number);
  }

  @Override
  public Shift start(Site site, Handling handling) throws ReflectiveOperationException {
    ParallelPlan plan =
        new ParallelPlan(
            Map.of(
                "bootstrap.servers",
                site.bootstrap(),
                "group.id",
                site.group() + "-parallel",
                "auto.offset.reset",
                "earliest",
                "enable.auto.commit",
                false),
            site.producerSettings(Map.of("linger.ms", 1)),
            order.name(),
            handling.sleeps() ? TopicOfTasks.SLOTS : NOOP_THREADS,
            site.tasks(),
            site.outcomes(),
            () -> {
              handling.handle();
              return Plain.outcome();
            });
    ParallelPlan.Work work = ParallelLibrary.opened().start(plan);
    return new Shift() {
      @Override
      public boolean isIdle() {
        // It offers no count; the outcomes are enough.
        if (!work.goesOn()) {
          throw new IllegalStateException("Expected a consumer that works, but it has stopped");
        }
        return true;
      }

      @Override
      public void close() {
        work.close();
      }
    };
  }
}
