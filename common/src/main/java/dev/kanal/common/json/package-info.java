/**
 * Our own JSON documents, read into records and written from them: what stands in topics, and in
 * answers of the API that are not hot.
 *
 * <p>{@link dev.kanal.common.json.JsonDocuments} is the entry point; usable from any thread, from
 * every module. Jackson's own limits hold. {@link dev.kanal.common.json.StrictJson} makes the
 * parsers of what users write.
 */
@NullMarked
package dev.kanal.common.json;

import org.jspecify.annotations.NullMarked;
