/**
 * The REST API of a scheduler node.
 *
 * <p>{@link dev.kanal.scheduler.api.ApiServer} is the entry point: it listens, checks what comes,
 * appends commands to the log and asks {@link dev.kanal.scheduler.engine.query.JobReader} for
 * answers. Everything runs on one or two event loops that never wait; futures completed by other
 * threads hop back to the loop of their request. The only package that knows Vert.x; used by who
 * starts a scheduler. {@code openapi.yaml} is its contract.
 */
@NullMarked
package dev.kanal.scheduler.api;

import org.jspecify.annotations.NullMarked;
