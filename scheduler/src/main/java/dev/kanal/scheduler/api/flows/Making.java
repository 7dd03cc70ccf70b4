package dev.kanal.scheduler.api.flows;

import dev.kanal.common.queue.QueueDefaults;
import java.time.Instant;
import java.util.function.Function;

/**
 * What is needed to make something of fields that have been read.
 *
 * @param queues what each queue gives its jobs that do not say
 */
record Making(Instant now, Function<String, QueueDefaults> queues) {}
