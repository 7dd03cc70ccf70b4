package dev.kanal.bench.worker;

import dev.kanal.common.clock.Clocks;
import dev.kanal.common.context.TraceContext;
import dev.kanal.common.job.Backoff;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.task.Past;
import dev.kanal.common.task.Suspicion;
import dev.kanal.common.task.Task;
import dev.kanal.common.task.TaskRecords;
import dev.kanal.worker.Worker;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Kanal's worker, without a scheduler: nothing reads its records. */
final class KanalCrew implements Crew {
  private static final String EMPTY = "{\"data\":\"\"}";
  private static final JsonBytes PAYLOAD =
      JsonBytes.of("{\"data\":\"%s\"}".formatted("x".repeat(Site.PAYLOAD_BYTES - EMPTY.length())));

  private final Random random = new Random(42);
  private final Instant begun = Clocks.system().wall().instant();

  @Override
  public ProducerRecord<byte[], byte[]> task(Site site, int number, boolean sleeps) {
    JobId job = JobId.create(number % Site.SHARDS, begun, random);
    Task task =
        new Task(
            job,
            "measured",
            1,
            1,
            Suspicion.NONE,
            false,
            false,
            Duration.ofMinutes(10),
            null,
            begun,
            TraceContext.NONE,
            PAYLOAD,
            null,
            Past.NONE,
            Backoff.DEFAULT.after(job, 1));
    return TaskRecords.encode(site.tasks(), task);
  }

  @Override
  public Shift start(Site site, Handling handling) {
    Worker worker =
        Worker.builder()
            .bootstrap(site.bootstrap())
            .prefix(site.topics().prefix())
            .slots(TopicOfTasks.SLOTS)
            .pool(TopicOfTasks.SLOTS, TopicOfTasks.SLOTS)
            .grace(Duration.ZERO)
            .discover(false)
            .handle(
                "measured",
                // As bytes, as for the others.
                JsonBytes.class,
                (_, _) -> {
                  handling.handle();
                  return null;
                })
            .build();
    worker.start();
    return new Shift() {
      @Override
      public boolean isIdle() {
        return worker.busySlots() == 0;
      }

      @Override
      public void close() {
        worker.close();
      }
    };
  }
}
