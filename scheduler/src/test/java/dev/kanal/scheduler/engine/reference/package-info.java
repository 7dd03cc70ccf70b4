/**
 * Random lives of jobs, played by shards and compared with a plain reference model, and what
 * earlier releases have written of such lives.
 *
 * <p>{@link dev.kanal.scheduler.engine.reference.ShardModelTest} plays, {@link
 * dev.kanal.scheduler.engine.reference.ReleaseTest} reads what was written. One thread each.
 */
@NullMarked
package dev.kanal.scheduler.engine.reference;

import org.jspecify.annotations.NullMarked;
