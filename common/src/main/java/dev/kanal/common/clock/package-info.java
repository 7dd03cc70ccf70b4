/**
 * Time, injected: a wall clock for points in time that others see, and a monotonic ticker for
 * durations.
 *
 * <p>{@link dev.kanal.common.clock.Clocks} is the pair that is passed around; {@link
 * dev.kanal.common.clock.Clocks#system()} is the only place that reads the machine's clocks. Tests
 * pass on {@link dev.kanal.common.clock.ManualClocks}. Usable from any thread, by every module.
 */
@NullMarked
package dev.kanal.common.clock;

import org.jspecify.annotations.NullMarked;
