package dev.kanal.scheduler.api.jobs;

import dev.kanal.scheduler.api.capacity.Admission;
import dev.kanal.scheduler.queues.QueueDirectory;

/**
 * What a new job passes on its way into the log, alone or among many.
 *
 * @param queues makes its queue ready
 * @param placement chooses its shard
 * @param admission gives it a place in its queue
 * @param log takes it
 * @param repeatable takes it if it has an idempotency key
 */
public record Intake(
    QueueDirectory queues,
    Placement placement,
    Admission admission,
    SubmitLog log,
    RepeatableSubmits repeatable) {}
