package dev.kanal.worker.lost;

import dev.kanal.common.access.Refusal;
import dev.kanal.common.channel.Sink;
import dev.kanal.common.clock.Ticker;
import dev.kanal.common.log.WorkerRef;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends this worker's pulses, and removes silent workers from the share groups of the queues that
 * it serves itself, so that nothing waits for them until Kafka gives them up. While no worker is
 * silent this costs one record a second, and no requests.
 */
public final class LostWorkers {
  private static final Logger log = LoggerFactory.getLogger(LostWorkers.class);
  private static final long LOOK_MS = 200;

  private final Silences silences;
  private final Pulse pulse;
  private final Groups groups;
  private final BooleanSupplier ready;
  private final AtomicBoolean busy = new AtomicBoolean();

  /** Removes workers from groups; blocks. */
  @FunctionalInterface
  public interface Groups {
    /**
     * @param lost their ids
     */
    void takeOut(Set<String> lost)
        throws InterruptedException, ExecutionException, TimeoutException;
  }

  /**
   * Its collaborators.
   *
   * @param pulses sends to the topic of workers
   * @param ready whether the topic exists and accepts this worker's records
   */
  public record Needs(Sink<WorkerRef> pulses, Ticker ticker, BooleanSupplier ready) {}

  public LostWorkers(Needs needs, WorkerRef self, Silences silences, Groups groups) {
    this.silences = silences;
    this.pulse = new Pulse(needs.pulses, self, needs.ticker);
    this.groups = groups;
    this.ready = needs.ready;
  }

  /** Starts, on a thread of the executor. */
  public void start(ScheduledExecutorService executor) {
    var _ = executor.scheduleWithFixedDelay(this::look, LOOK_MS, LOOK_MS, TimeUnit.MILLISECONDS);
  }

  private void look() {
    try {
      if (!ready.getAsBoolean()) {
        return;
      }
      pulse.beat();
      if (!busy.get()) {
        Set<String> lost = silences.due();
        if (!lost.isEmpty()) {
          busy.set(true);
          Thread.ofVirtual().name("kanal-lost-workers").start(() -> takeOut(lost));
        }
      }
    } catch (RuntimeException e) {
      log.warn("The other workers could not be looked after", e);
    }
  }

  /** After a failure it is tried again at the next look. */
  private void takeOut(Set<String> lost) {
    try {
      groups.takeOut(lost);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException | RuntimeException e) {
      log.warn(
          "Workers {} are silent, and could not be taken out of their share groups: {}",
          lost,
          Refusal.in(e, List.of()).orElseGet(e::toString));
    } finally {
      busy.set(false);
    }
  }
}
