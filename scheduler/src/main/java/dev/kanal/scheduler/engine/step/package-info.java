/**
 * One decision in the making.
 *
 * <p>A {@link dev.kanal.scheduler.engine.step.Step} gathers what an {@link
 * dev.kanal.scheduler.engine.step.Input} changes and which {@link
 * dev.kanal.scheduler.engine.step.Effect}s it has, and writes nothing. It knows none of those who
 * decide: rows that follow from a job's are kept by {@link
 * dev.kanal.scheduler.engine.step.Derived}. Belongs to its shard's thread; used by whatever
 * decides, and by what carries effects out.
 */
@NullMarked
package dev.kanal.scheduler.engine.step;

import org.jspecify.annotations.NullMarked;
