/**
 * What the parts that a task meets inside one process cost: threads, channels, locks, counters,
 * maps.
 *
 * <p>{@link dev.kanal.bench.inprocess.Loop} names what is measured. Each loop of Java is a method
 * for JMH, with states and threads of its own; Go's stand in one program beside these.
 */
@NullMarked
package dev.kanal.bench.inprocess;

import org.jspecify.annotations.NullMarked;
