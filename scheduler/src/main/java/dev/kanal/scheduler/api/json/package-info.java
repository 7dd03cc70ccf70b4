/**
 * JSON of clients, read and written without surprises; and that of other nodes.
 *
 * <p>{@link dev.kanal.scheduler.api.json.JsonBody} reads a document, {@link
 * dev.kanal.scheduler.api.json.FieldReader} its fields, noting every mistake at once; {@link
 * dev.kanal.scheduler.api.json.Json} writes. {@link dev.kanal.scheduler.api.json.Documents} are
 * records as JSON. What belongs to one document belongs to one thread. Knows no calls and no jobs;
 * every room above may use it.
 */
@NullMarked
package dev.kanal.scheduler.api.json;

import org.jspecify.annotations.NullMarked;
