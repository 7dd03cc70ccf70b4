/**
 * The entries of {@code kanal.log}, the engine's only input: commands of the API, events of
 * workers, and the engine's own notes.
 *
 * <p>{@link dev.kanal.common.log.LogEntry} is the vocabulary, {@link dev.kanal.common.log.LogCodec}
 * its bytes. The topic is private to Kanal; its format is versioned nevertheless. Immutable values,
 * usable from any thread.
 */
@NullMarked
package dev.kanal.common.log;

import org.jspecify.annotations.NullMarked;
