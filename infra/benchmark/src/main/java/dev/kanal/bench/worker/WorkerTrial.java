package dev.kanal.bench.worker;

import dev.kanal.bench.run.Contender;
import dev.kanal.bench.run.Measures;
import dev.kanal.bench.run.Trial;
import dev.kanal.common.channel.Topics;
import dev.kanal.embedded.EmbeddedKafka;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;

/** Has a crew work off four topics, beside a broker in the same JVM: two of them to warm up. */
record WorkerTrial(Crew crew) implements Contender.Run {
  private static final Duration LOOK_EVERY = Duration.ofMillis(10);
  private static final Duration LONGEST = Duration.ofMinutes(5);

  @Override
  public Measures of(Trial trial) throws Exception {
    try (EmbeddedKafka kafka = EmbeddedKafka.persistent(trial.directory().resolve("kafka"), 0)) {
      String bootstrap = kafka.bootstrapServers();
      rate(bootstrap, "warm", trial.size(100_000, 30_000), new Handling(false));
      double noop = rate(bootstrap, "noop", trial.size(300_000, 50_000), new Handling(false));
      rate(bootstrap, "drowsy", trial.size(20_000, 5_000), new Handling(true));
      double sleep = rate(bootstrap, "sleep", trial.size(60_000, 20_000), new Handling(true));
      return new Measures().put(TopicOfTasks.NOOP, noop).put(TopicOfTasks.SLEEP, sleep);
    }
  }

  /** In tasks a second, from the first that is handled. */
  private double rate(String bootstrap, String name, int count, Handling handling)
      throws Exception {
    Site site = new Site(bootstrap, new Topics(name));
    site.make();
    site.fill(count, number -> crew.task(site, number, handling.sleeps()));
    try (Admin admin = site.admin();
        Crew.Shift shift = crew.start(site, handling)) {
      await(
          () -> mayBeReported(site, admin, count) && handling.handled() >= count && shift.isIdle());
      return count / handling.seconds();
    } catch (TimeoutException e) {
      throw new IOException(
          "Expected %,d tasks to be handled and reported within %s, but %,d were handled"
              .formatted(count, LONGEST, handling.handled()),
          e);
    }
  }

  /** A worker may report more than outcomes: this alone does not prove that all are there. */
  private static boolean mayBeReported(Site site, Admin admin, int count)
      throws ExecutionException, InterruptedException {
    return site.outcomes(admin) >= count;
  }

  private static void await(Callable<Boolean> done) throws Exception {
    long deadline = System.nanoTime() + LONGEST.toNanos();
    while (!done.call()) {
      if (System.nanoTime() - deadline > 0) {
        throw new TimeoutException();
      }
      LockSupport.parkNanos(LOOK_EVERY.toNanos());
    }
  }
}
