/**
 * Programs: everything in one process ({@code up}), or a scheduler or a worker by itself.
 *
 * <p>{@link dev.kanal.standalone.KanalApplication} is the entry point, called by the launcher. It
 * wires the parts by their constructors, and turns what can go wrong at start into one line each.
 * One thread starts, the shutdown hook stops.
 */
@NullMarked
package dev.kanal.standalone;

import org.jspecify.annotations.NullMarked;
