package dev.kanal.scheduler.api.batch;

import dev.kanal.common.clock.Ticker;
import dev.kanal.scheduler.api.jobs.Intake;
import dev.kanal.scheduler.api.node.NodeClient;
import dev.kanal.scheduler.api.spec.JobParser;
import dev.kanal.scheduler.engine.query.JobReader;
import io.vertx.core.Vertx;

/**
 * What every batch upload works with.
 *
 * @param lineMax how long a line may be, in bytes
 */
public record BatchContext(
    Vertx vertx,
    JobReader reader,
    Ticker ticker,
    Intake intake,
    NodeClient forwarder,
    JobParser parser,
    BatchBudget budget,
    int lineMax) {}
