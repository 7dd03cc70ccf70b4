package dev.kanal.scheduler.api.operate;

import dev.kanal.scheduler.api.http.Answers;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** {@code /openapi.yaml}: the contract as it stands in this build. */
public final class Contract {
  static final String MEDIA_TYPE = "application/yaml";
  public static final String RESOURCE = "/openapi.yaml";

  private final Buffer yaml = load();

  void handle(RoutingContext context) {
    Answers.send(context.request(), 200, MEDIA_TYPE, yaml);
  }

  private static Buffer load() {
    try (InputStream in = Contract.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(
            "Expected " + RESOURCE + " on the class path, but it is not");
      }
      return Buffer.buffer(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
