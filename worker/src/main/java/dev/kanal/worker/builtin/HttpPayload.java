package dev.kanal.worker.builtin;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What to call.
 *
 * @param method {@code POST} unless given
 * @param body a string goes as it is, anything else as JSON
 * @param timeout of the whole call, with its redirects
 */
public record HttpPayload(
    @Nullable String url,
    @Nullable String method,
    @Nullable Map<String, String> headers,
    @Nullable JsonNode body,
    @Nullable String timeout) {}
