/**
 * The rows of jobs and queues: what they hold, and their bytes.
 *
 * <p>{@link dev.kanal.scheduler.engine.row.Tables} says which there are. Rows are values. Used by
 * all of the engine, and by nothing else.
 */
@NullMarked
package dev.kanal.scheduler.engine.row;

import org.jspecify.annotations.NullMarked;
