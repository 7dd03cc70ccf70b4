package dev.kanal.check.mixed;

import dev.kanal.check.history.Cancel;
import dev.kanal.check.mix.MixedJob;
import dev.kanal.check.server.Answer;
import dev.kanal.check.server.Servers;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Cancels jobs of the mix when their time has come. Safe for any thread. */
final class Canceller implements AutoCloseable {
  private static final int THREADS = 8;

  private final ScheduledExecutorService threads =
      Executors.newScheduledThreadPool(
          THREADS, Thread.ofPlatform().daemon().name("check-cancel-", 0).factory());
  private final Servers servers;
  private final Ledger ledger;

  Canceller(Servers servers, Ledger ledger) {
    this.servers = servers;
    this.ledger = ledger;
  }

  void accepted(MixedJob job, String id) {
    if (job.stop() != null && !job.stop().onceRunning()) {
      plan(job.spec().index(), id, job.stop().after());
    }
  }

  void began(MixedJob job, String id) {
    if (job.stop() != null && job.stop().onceRunning()) {
      plan(job.spec().index(), id, job.stop().after());
    }
  }

  /** Waits until all that were planned are answered; false if the time was too short. */
  boolean finish(Duration atMost) throws InterruptedException {
    threads.shutdown();
    return threads.awaitTermination(atMost.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  private void plan(int index, String id, Duration after) {
    var _ = threads.schedule(() -> cancel(index, id), after.toNanos(), TimeUnit.NANOSECONDS);
  }

  private Void cancel(int index, String id) throws InterruptedException {
    Answer answer = servers.ask(client -> client.post("/v1/jobs/" + id + "/cancel", ""));
    int status =
        switch (answer) {
          case Answer.Got got -> got.status();
          case Answer.Away _ -> 0;
        };
    ledger.cancel(new Cancel(id, index, status, Ledger.now()));
    return null;
  }
}
