package dev.kanal.scheduler.api.flows;

import dev.kanal.common.queue.QueueDefaults;
import java.time.Instant;
import java.util.function.Function;

/**
 * What a flow's jobs get that is not said in their fields.
 *
 * @param now the time that delays and deadlines are checked against
 * @param queues the defaults of each queue, by its name
 */
record JobDefaults(Instant now, Function<String, QueueDefaults> queues) {}
