package dev.kanal.bench.kanal;

import dev.kanal.worker.Context;
import dev.kanal.worker.JobHandler;
import org.jspecify.annotations.Nullable;

/** {@code noop}: reads its payload and does nothing. */
public final class NoopHandler implements JobHandler<NoopHandler.Payload, @Nullable Void> {
  /** A payload of any size. */
  public record Payload(String data) {}

  @Override
  public String type() {
    return "noop";
  }

  @Override
  public Class<Payload> payloadType() {
    return Payload.class;
  }

  @Override
  public @Nullable Void handle(Context context, Payload payload) {
    return null;
  }
}
