/**
 * Starts of programs: good ones, and each mistake with its message.
 *
 * <p>Each test is an entry point of its own.
 */
@NullMarked
package dev.kanal.process.start;

import org.jspecify.annotations.NullMarked;
