/**
 * A handler project as a user would write it: counts words.
 *
 * <p>{@link dev.kanal.examples.wordcount.WordCountHandler} is the handler, named in {@code
 * META-INF/services}; {@link dev.kanal.examples.wordcount.WordCountApplication} starts a worker
 * that finds it there. A handler serves many jobs at once and keeps no state. Nothing depends on
 * this.
 */
@NullMarked
package dev.kanal.examples.wordcount;

import org.jspecify.annotations.NullMarked;
