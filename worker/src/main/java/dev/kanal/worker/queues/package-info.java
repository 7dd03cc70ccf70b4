/**
 * Which queues a worker reads, and which of their channels have lanes: a few have them always, of
 * all others those to which tasks come.
 *
 * <p>{@link dev.kanal.worker.queues.QueueFollower} is the entry point; it belongs to one thread.
 * Only the worker depends on this package.
 */
@NullMarked
package dev.kanal.worker.queues;

import org.jspecify.annotations.NullMarked;
