package dev.kanal.worker;

import com.fasterxml.jackson.databind.ObjectReader;
import dev.kanal.common.job.JsonBytes;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A handler, its type and how its payloads are read. */
final class Registration<P extends @Nullable Object> {
  private final String type;
  private final Class<P> payloadType;
  private final @Nullable ObjectReader reader;
  private final Handler<P, ?> handler;

  Registration(String type, Class<P> payloadType, Handler<P, ?> handler) {
    this.type = type;
    this.payloadType = payloadType;
    this.handler = handler;
    this.reader = payloadType == JsonBytes.class ? null : Json.reader(payloadType);
  }

  static <P extends @Nullable Object> Registration<P> of(JobHandler<P, ?> handler) {
    return new Registration<>(handler.type(), handler.payloadType(), handler);
  }

  String type() {
    return type;
  }

  boolean isOf(Class<?> other) {
    return handlerClass() == other;
  }

  Class<?> handlerClass() {
    return handler.getClass();
  }

  @Nullable Object run(Context context, JsonBytes payload) throws Exception {
    return handler.handle(context, read(payload));
  }

  private P read(JsonBytes payload) throws UnreadablePayloadException {
    if (reader == null) {
      return payloadType.cast(payload);
    }
    try {
      return payloadType.cast(reader.readValue(payload.utf8()));
    } catch (IOException | RuntimeException e) {
      throw new UnreadablePayloadException(e);
    }
  }

  /** The payload is not what the handler takes. */
  static final class UnreadablePayloadException extends Exception {
    private static final long serialVersionUID = 1L;

    UnreadablePayloadException(Exception cause) {
      super(cause.getMessage(), cause);
    }
  }
}
