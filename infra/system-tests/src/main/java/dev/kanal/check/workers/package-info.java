/**
 * The checks of workers: how their pools follow the load, and what becomes of jobs when workers,
 * their broker or their handlers go wrong. Each starts a cluster of its own, since it needs workers
 * with settings of its own.
 *
 * <p>{@link dev.kanal.check.workers.WorkersCommand} is the command line; a class for each check is
 * behind it. Uses cluster, load, probe, history, promise and server; only {@code CheckApplication}
 * uses it.
 */
@NullMarked
package dev.kanal.check.workers;

import org.jspecify.annotations.NullMarked;
