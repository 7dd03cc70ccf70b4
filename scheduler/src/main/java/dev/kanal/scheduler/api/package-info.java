/**
 * The REST API of a scheduler node.
 *
 * <p>{@link dev.kanal.scheduler.api.ApiServer} is the entry point: it listens, and builds the
 * features, which check what comes, append commands to the log and ask {@link
 * dev.kanal.scheduler.engine.query.JobReader} for answers. Everything runs on one or two event
 * loops that never wait; futures completed by other threads hop back to the loop of their request.
 * This package and those below it alone know Vert.x; used by who starts a scheduler. {@code
 * openapi.yaml} is its contract.
 *
 * <p>From the ground: {@code problem}, {@code json}, {@code http}, {@code door}, {@code node};
 * {@code spec}, {@code filter}, {@code counts} and {@code capacity} beside each other; then the
 * features, of which each sees {@code jobs} and no other; the server on top.
 */
@NullMarked
package dev.kanal.scheduler.api;

import org.jspecify.annotations.NullMarked;
