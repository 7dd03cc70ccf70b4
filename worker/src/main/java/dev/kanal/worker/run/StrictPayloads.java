package dev.kanal.worker.run;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.cfg.MutableCoercionConfig;
import com.fasterxml.jackson.databind.deser.std.DelegatingDeserializer;
import com.fasterxml.jackson.databind.deser.std.NumberDeserializers;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import com.fasterxml.jackson.datatype.jsr310.deser.DurationDeserializer;
import com.fasterxml.jackson.datatype.jsr310.deser.InstantDeserializer;
import java.io.IOException;
import java.io.Serial;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.List;

/**
 * A payload's values are of the kind of their field, or the payload is unreadable: none is rounded,
 * cut, guessed or made of an empty text. A field that is left out has its type's zero.
 */
final class StrictPayloads {
  private static final List<CoercionInputShape> SCALARS =
      List.of(
          CoercionInputShape.Boolean,
          CoercionInputShape.Float,
          CoercionInputShape.Integer,
          CoercionInputShape.String);

  private StrictPayloads() {}

  static JsonMapper.Builder builder() {
    JsonMapper.Builder builder =
        JsonMapper.builder(new StrictNumbers())
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .withCoercionConfigDefaults(
                all -> all.setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail))
            .withCoercionConfig(LogicalType.Textual, StrictPayloads::takeScalars)
            .withCoercionConfig(BigDecimal.class, StrictPayloads::takeText)
            .withCoercionConfig(BigInteger.class, StrictPayloads::takeText);
    return builder.addModule(new JavaTimeModule()).addModule(numbers()).addModule(times());
  }

  /** A number is accepted for a text, as it is written. */
  private static void takeScalars(MutableCoercionConfig texts) {
    SCALARS.forEach(shape -> texts.setCoercion(shape, CoercionAction.TryConvert));
    texts.setCoercion(CoercionInputShape.EmptyString, CoercionAction.TryConvert);
  }

  /** Exact numbers often travel as texts, since many programs round others. */
  private static void takeText(MutableCoercionConfig exact) {
    exact.setCoercion(CoercionInputShape.String, CoercionAction.TryConvert);
  }

  private static SimpleModule numbers() {
    SimpleModule module = new SimpleModule("kanal-numbers");
    addPrimitive(module, int.class, 0);
    addPrimitive(module, long.class, 0L);
    addPrimitive(module, short.class, (short) 0);
    addPrimitive(module, byte.class, (byte) 0);
    addPrimitive(module, double.class, 0.0);
    addPrimitive(module, float.class, 0.0f);
    addPrimitive(module, boolean.class, false);
    addPrimitive(module, char.class, '\0');
    return module;
  }

  @SuppressWarnings("unchecked") // Jackson's own deserializers are of the type asked for.
  private static <T> void addPrimitive(SimpleModule module, Class<T> type, Object zero) {
    JsonDeserializer<?> own = NumberDeserializers.find(type, type.getName());
    module.addDeserializer(type, (JsonDeserializer<T>) new ZeroIfAbsent(own, zero));
  }

  @SuppressWarnings("unchecked") // as above
  private static SimpleModule times() {
    SimpleModule module = new SimpleModule("kanal-times");
    module.addDeserializer(
        Duration.class,
        (JsonDeserializer<Duration>)
            (JsonDeserializer<?>) new BoundedSeconds(DurationDeserializer.INSTANCE));
    module.addDeserializer(
        Instant.class,
        (JsonDeserializer<Instant>)
            (JsonDeserializer<?>) new BoundedSeconds(InstantDeserializer.INSTANT));
    module.addDeserializer(
        OffsetDateTime.class,
        (JsonDeserializer<OffsetDateTime>)
            (JsonDeserializer<?>) new BoundedSeconds(InstantDeserializer.OFFSET_DATE_TIME));
    module.addDeserializer(
        ZonedDateTime.class,
        (JsonDeserializer<ZonedDateTime>)
            (JsonDeserializer<?>) new BoundedSeconds(InstantDeserializer.ZONED_DATE_TIME));
    return module;
  }

  /** Distinguishes a field that is left out from one that is {@code null}. */
  private static final class ZeroIfAbsent extends DelegatingDeserializer {
    @Serial private static final long serialVersionUID = 1L;

    private final transient Object zero;

    ZeroIfAbsent(JsonDeserializer<?> own, Object zero) {
      super(own);
      this.zero = zero;
    }

    @Override
    protected JsonDeserializer<?> newDelegatingInstance(JsonDeserializer<?> other) {
      return new ZeroIfAbsent(other, zero);
    }

    @Override
    public Object getAbsentValue(DeserializationContext context) {
      return zero;
    }
  }

  /** Times that are numbers are seconds; numbers beyond the range of times would be cut. */
  private static final class BoundedSeconds extends DelegatingDeserializer {
    @Serial private static final long serialVersionUID = 1L;

    private static final BigDecimal MOST = BigDecimal.TEN.pow(12);

    BoundedSeconds(JsonDeserializer<?> own) {
      super(own);
    }

    @Override
    protected JsonDeserializer<?> newDelegatingInstance(JsonDeserializer<?> other) {
      return new BoundedSeconds(other);
    }

    @Override
    public Object deserialize(JsonParser json, DeserializationContext context) throws IOException {
      if (json.currentToken() == JsonToken.VALUE_NUMBER_FLOAT
          && json.getDecimalValue().abs().compareTo(MOST) > 0) {
        return context.handleWeirdNumberValue(
            handledType(), json.getDecimalValue(), "out of range");
      }
      return super.deserialize(json, context);
    }
  }
}
