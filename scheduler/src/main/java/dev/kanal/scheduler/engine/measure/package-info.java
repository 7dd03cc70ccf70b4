/**
 * What the engine measures and traces.
 *
 * <p>{@link dev.kanal.scheduler.engine.measure.EngineMetrics} counts, {@link
 * dev.kanal.scheduler.engine.measure.JobTracer} makes the engine's spans. For any thread; used by
 * what carries effects and commits.
 */
@NullMarked
package dev.kanal.scheduler.engine.measure;

import org.jspecify.annotations.NullMarked;
