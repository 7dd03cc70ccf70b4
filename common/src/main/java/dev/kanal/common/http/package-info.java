/**
 * What a job of type {@code http} asks for, and where it leads.
 *
 * <p>{@link dev.kanal.common.http.HttpPayload} is the entry point: schedulers check payloads with
 * it when jobs come, workers read them with it. Pure, without I/O; usable from any thread. Depends
 * on {@code common.config} and {@code common.job} only.
 */
@NullMarked
package dev.kanal.common.http;

import org.jspecify.annotations.NullMarked;
