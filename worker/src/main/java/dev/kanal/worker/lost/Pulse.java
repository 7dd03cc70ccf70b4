package dev.kanal.worker.lost;

import dev.kanal.common.channel.Position;
import dev.kanal.common.channel.Sink;
import dev.kanal.common.clock.Ticker;
import dev.kanal.common.log.WorkerRef;
import dev.kanal.common.worker.WorkerReport;
import java.util.concurrent.CompletableFuture;

/**
 * Sends a pulse, a sign of life, every {@link WorkerReport#PULSE_EVERY}. At most one is
 * unacknowledged: many that come late would only deceive. One thread.
 */
final class Pulse {
  private final Sink<WorkerRef> sink;
  private final WorkerRef self;
  private final Ticker ticker;

  private CompletableFuture<Position> last = CompletableFuture.completedFuture(null);
  private long saidNanos;

  Pulse(Sink<WorkerRef> sink, WorkerRef self, Ticker ticker) {
    this.sink = sink;
    this.self = self;
    this.ticker = ticker;
    this.saidNanos = ticker.nanos() - WorkerReport.PULSE_EVERY.toNanos();
  }

  /** Sends a pulse, if one is due. */
  void beat() {
    long now = ticker.nanos();
    if (last.isDone() && now - saidNanos >= WorkerReport.PULSE_EVERY.toNanos()) {
      saidNanos = now;
      last = sink.send(self);
    }
  }
}
