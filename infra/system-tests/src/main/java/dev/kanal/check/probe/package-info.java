/**
 * The service that checked jobs call, and so the witness of their runs.
 *
 * <p>A {@link dev.kanal.check.probe.Probe} listens on loopback for the calls of built-in {@code
 * http} handlers, answers as a {@link dev.kanal.check.probe.Play} says, and writes down when each
 * run began and ended: at its answer, or in the moment the worker broke the connection. One virtual
 * thread a connection. Uses history and server.
 */
@NullMarked
package dev.kanal.check.probe;

import org.jspecify.annotations.NullMarked;
