package dev.kanal.scheduler.api;

import dev.kanal.common.door.Places;
import dev.kanal.scheduler.api.batch.BatchBudget;
import dev.kanal.scheduler.api.door.Connections;
import dev.kanal.scheduler.api.events.EventStreams;
import dev.kanal.scheduler.api.http.WaitLimits;

/**
 * What the clients of a node share, and how long they may take.
 *
 * @param waits calls that wait
 * @param streams streams of events
 * @param batches batch uploads
 * @param heads how long the head of a request may take
 */
record Clients(Places waits, Places streams, BatchBudget batches, Connections.Timeouts heads) {
  static Clients withBatches(BatchBudget batches) {
    return new Clients(
        new Places(WaitLimits.MOST),
        new Places(EventStreams.CLIENTS_MAX),
        batches,
        Connections.Timeouts.DEFAULT);
  }
}
