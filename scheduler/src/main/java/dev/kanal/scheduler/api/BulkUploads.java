package dev.kanal.scheduler.api;

import dev.kanal.common.clock.Ticker;
import dev.kanal.scheduler.engine.query.JobReader;
import io.vertx.core.Vertx;

/**
 * What every bulk request works with.
 *
 * @param lineMax how long a line may be, in bytes
 */
record BulkUploads(
    Vertx vertx,
    JobReader reader,
    Ticker ticker,
    Intake intake,
    Forwarder forwarder,
    JobParser parser,
    BulkBudget budget,
    int lineMax) {}
