package dev.kanal.scheduler.workers;

import dev.kanal.common.channel.Position;
import dev.kanal.common.channel.Sink;
import dev.kanal.common.control.ControlMessage;
import dev.kanal.common.log.WorkerRef;
import dev.kanal.common.worker.KnownWorkers;
import java.util.concurrent.CompletableFuture;

/**
 * Knows the live workers and asks them to drain.
 *
 * @param known what has been read of them
 * @param control to all workers; must not block
 */
public record WorkerDirectory(KnownWorkers known, Sink<ControlMessage> control) {
  /** Completes once Kafka has the message. */
  public CompletableFuture<Position> drain(WorkerRef worker) {
    return control.send(new ControlMessage.Drain(worker));
  }
}
