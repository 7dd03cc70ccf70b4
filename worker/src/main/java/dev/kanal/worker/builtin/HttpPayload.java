package dev.kanal.worker.builtin;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What to call.
 *
 * @param method {@code POST} unless given
 * @param headers a text each, or {@code {"$secret":"X"}}
 * @param body a string goes as it is, anything else as JSON
 * @param timeout of the whole call, with its redirects
 * @param sign {@code {"$secret":"X"}}: the call is signed with it
 * @param async whether a 202 leaves the end of the attempt to who was called
 */
public record HttpPayload(
    @Nullable String url,
    @Nullable String method,
    @Nullable Map<String, JsonNode> headers,
    @Nullable JsonNode body,
    @Nullable String timeout,
    @Nullable JsonNode sign,
    @Nullable Boolean async) {}
