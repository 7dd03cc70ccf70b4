/**
 * The batch upload: a job a line, as many as come.
 *
 * <p>{@link dev.kanal.scheduler.api.batch.BatchUploadHandler} is the entry point. A request belongs
 * to its event loop, and Kafka's threads only mark its lines as done; the budget that all requests
 * share is usable from any thread. Sees no feature but jobs; only the server uses it.
 */
@NullMarked
package dev.kanal.scheduler.api.batch;

import org.jspecify.annotations.NullMarked;
