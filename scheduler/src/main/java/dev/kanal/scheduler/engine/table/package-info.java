/**
 * What a shard's one store is made of: tables, whose rows begin with the same {@link
 * dev.kanal.scheduler.engine.table.Letter}, and the bytes of their keys and values.
 *
 * <p>A {@link dev.kanal.scheduler.engine.table.Table} is a letter, a {@link
 * dev.kanal.scheduler.engine.table.KeyCodec} and a {@link dev.kanal.scheduler.engine.table.Codec};
 * which tables there are and what is in them stands with the rows. {@link
 * dev.kanal.scheduler.engine.table.Rows} are read by any thread, a {@link
 * dev.kanal.scheduler.engine.table.Store} belongs to its shard's. Used by all of the engine.
 */
@NullMarked
package dev.kanal.scheduler.engine.table;

import org.jspecify.annotations.NullMarked;
