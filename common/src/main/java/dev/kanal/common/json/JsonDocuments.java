package dev.kanal.common.json;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import com.fasterxml.jackson.databind.util.NameTransformer;
import dev.kanal.common.binary.UnreadableException;
import dev.kanal.common.unit.Durations;
import java.io.IOException;
import java.io.Serial;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Records as JSON. A value is of the kind of its field, or the document is unreadable: no text is
 * taken for a number. Unknown fields are left alone, since a later release may write them. A field
 * that is missing or null is null, or has its type's zero; a list or map is empty then. What is
 * null is not written. Durations and times are texts.
 */
public final class JsonDocuments {
  private static final JsonSetter.Value EMPTY_FOR_NULL =
      JsonSetter.Value.construct(Nulls.AS_EMPTY, Nulls.SKIP);
  private static final JsonInclude.Value NOT_NULL =
      JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL);
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(SerializationFeature.FLUSH_AFTER_WRITE_VALUE)
          .defaultPropertyInclusion(NOT_NULL)
          .withConfigOverride(List.class, each -> each.setSetterInfo(EMPTY_FOR_NULL))
          .withConfigOverride(Map.class, each -> each.setSetterInfo(EMPTY_FOR_NULL))
          .addModule(
              new SimpleModule("kanal-times")
                  .addSerializer(Duration.class, ToStringSerializer.instance)
                  .addSerializer(Instant.class, ToStringSerializer.instance)
                  .addDeserializer(Duration.class, new FromText<>(Duration.class, Durations::parse))
                  .addDeserializer(Instant.class, new FromText<>(Instant.class, Instant::parse)))
          .build();

  private JsonDocuments() {}

  public static byte[] write(Object document) {
    try {
      return MAPPER.writeValueAsBytes(document);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes an object as the next value. */
  public static void write(JsonGenerator out, Object document) throws IOException {
    MAPPER.writeValue(out, document);
  }

  /** Writes the fields of a document into an object that is open. */
  public static void writeFields(JsonGenerator out, Object document) throws IOException {
    SerializerProvider provider = MAPPER.getSerializerProviderInstance();
    provider
        .findValueSerializer(document.getClass())
        .unwrappingSerializer(NameTransformer.NOP)
        .serialize(document, out, provider);
  }

  /**
   * Reads a document, and makes of it what it stands for.
   *
   * @param what it is, for the message
   * @param made may throw {@link IllegalArgumentException}
   * @throws UnreadableException if it is something else
   */
  public static <D, T> T read(byte[] json, Class<D> type, String what, Function<D, T> made) {
    try {
      @Nullable D document = MAPPER.readValue(json, type);
      if (document == null) {
        throw new IllegalArgumentException("found null for an object");
      }
      return made.apply(document);
    } catch (JsonProcessingException e) {
      throw new UnreadableException("Expected " + what + ", but: " + e.getOriginalMessage());
    } catch (IOException | IllegalArgumentException e) {
      throw new UnreadableException("Expected " + what + ", but: " + e.getMessage());
    }
  }

  /** Reads a value that is a text; what is thrown, Jackson reports with the field. */
  private static final class FromText<T> extends StdScalarDeserializer<T> {
    @Serial private static final long serialVersionUID = 1L;

    private final transient Function<String, T> parse;

    FromText(Class<T> type, Function<String, T> parse) {
      super(type);
      this.parse = parse;
    }

    @Override
    public T deserialize(JsonParser in, DeserializationContext context) throws IOException {
      return parse.apply(in.getText());
    }
  }
}
