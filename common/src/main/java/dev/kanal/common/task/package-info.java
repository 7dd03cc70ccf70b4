/**
 * The public records: a task on its way to a worker, and the lifecycle of jobs for other systems.
 *
 * <p>{@link dev.kanal.common.task.TaskRecords} and {@link dev.kanal.common.task.LifecycleRecords}
 * turn them into Kafka records and back; {@code docs/RECORDS.md} describes the bytes for readers in
 * other languages. Pure functions and immutable values, usable from any thread.
 */
@NullMarked
package dev.kanal.common.task;

import org.jspecify.annotations.NullMarked;
