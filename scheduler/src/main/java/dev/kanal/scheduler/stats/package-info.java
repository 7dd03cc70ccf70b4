/**
 * How long attempts and jobs took: counted by the engine where it decides, added up by the API over
 * all nodes. {@link dev.kanal.scheduler.stats.RunRecorder} counts, and may be used from any thread
 * without locks; a {@link dev.kanal.scheduler.stats.RunTally} is what it has counted, and belongs
 * to one thread. Used by the engine and the API; knows neither.
 */
@NullMarked
package dev.kanal.scheduler.stats;

import org.jspecify.annotations.NullMarked;
