package dev.kanal.scheduler.api;

import dev.kanal.common.door.Places;
import dev.kanal.scheduler.api.batch.BulkBudget;
import dev.kanal.scheduler.api.door.Connections;
import dev.kanal.scheduler.api.events.EventStreams;
import dev.kanal.scheduler.api.http.Waits;

/**
 * What the clients of a node share, and how long they may take.
 *
 * @param waits calls that wait
 * @param streams streams of events
 * @param bulk bulk requests
 * @param heads how long the head of a request may take
 */
record Clients(Places waits, Places streams, BulkBudget bulk, Connections.Timeouts heads) {
  static Clients withBulk(BulkBudget bulk) {
    return new Clients(
        new Places(Waits.MOST),
        new Places(EventStreams.CLIENTS_MAX),
        bulk,
        Connections.Timeouts.DEFAULT);
  }
}
