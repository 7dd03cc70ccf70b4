/**
 * The workers as a scheduler knows them: {@link dev.kanal.scheduler.workers.WorkerDirectory} reads
 * what they say of themselves, and asks them to drain. Usable from any thread.
 */
@NullMarked
package dev.kanal.scheduler.workers;

import org.jspecify.annotations.NullMarked;
