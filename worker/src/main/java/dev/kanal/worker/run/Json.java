package dev.kanal.worker.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import dev.kanal.common.job.JsonBytes;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Payloads in, results out. Usable from any thread.
 *
 * @param mapper not changed any more
 */
public record Json(ObjectMapper mapper) {
  public static final Json DEFAULT =
      new Json(
          StrictPayloads.builder()
              .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
              .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
              .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
              .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
              .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
              .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
              .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
              .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
              .build());

  /**
   * Reads a payload.
   *
   * @throws UnreadablePayloadException with the place in the payload
   */
  <P extends @Nullable Object> P read(Class<P> type, JsonBytes payload)
      throws UnreadablePayloadException {
    if (type == JsonBytes.class) {
      return type.cast(payload);
    }
    try {
      return type.cast(mapper.readerFor(type).readValue(payload.utf8()));
    } catch (JsonMappingException e) {
      throw UnreadablePayloadException.of(e, payload);
    } catch (JsonProcessingException e) {
      throw new UnreadablePayloadException("", "it is no JSON", e);
    } catch (IOException | RuntimeException | LinkageError e) {
      throw new UnreadablePayloadException("", String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * Writes a result.
   *
   * @throws BoundedOutput.TooLargeException if it is longer than {@code limit} bytes
   * @throws IOException if Jackson cannot write it
   */
  public JsonBytes write(@Nullable Object result, int limit) throws IOException {
    if (result == null) {
      return JsonBytes.NULL;
    }
    if (result instanceof JsonBytes bytes) {
      new BoundedOutput(limit).check(bytes.length());
      return bytes;
    }
    BoundedOutput output = new BoundedOutput(limit);
    try {
      mapper.writeValue(output.stream(), result);
    } catch (JsonProcessingException e) {
      if (e.getCause() instanceof BoundedOutput.TooLargeException tooLarge) {
        throw tooLarge;
      }
      throw e;
    }
    return JsonBytes.wrap(output.toByteArray());
  }
}
