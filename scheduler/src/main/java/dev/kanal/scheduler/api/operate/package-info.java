/**
 * The calls of those who operate the system, and of their dashboard: health, metrics, workers,
 * failures, the contract.
 *
 * <p>{@link dev.kanal.scheduler.api.operate.OperateRoutes} is the entry point. A request belongs to
 * its event loop; what takes long happens elsewhere. Sees no other feature; only the server uses
 * it.
 */
@NullMarked
package dev.kanal.scheduler.api.operate;

import org.jspecify.annotations.NullMarked;
