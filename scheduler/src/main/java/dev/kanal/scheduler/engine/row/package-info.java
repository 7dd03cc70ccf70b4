/**
 * The rows of a shard's one store: what they hold, their keys and their bytes.
 *
 * <p>{@link dev.kanal.scheduler.engine.row.Keys} and {@link
 * dev.kanal.scheduler.engine.row.RowCodec} say which rows there are and how they are written. Rows
 * are values; {@link dev.kanal.scheduler.engine.row.Rows} is read by any thread, a {@link
 * dev.kanal.scheduler.engine.row.Store} belongs to its shard's. Used by all of the engine; others
 * use {@link dev.kanal.scheduler.engine.row.Lane} alone.
 */
@NullMarked
package dev.kanal.scheduler.engine.row;

import org.jspecify.annotations.NullMarked;
