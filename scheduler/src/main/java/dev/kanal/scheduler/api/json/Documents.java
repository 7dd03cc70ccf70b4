package dev.kanal.scheduler.api.json;

import dev.kanal.common.json.JsonDocuments;
import io.vertx.core.buffer.Buffer;
import java.util.function.Function;

/** What nodes send each other, by {@link JsonDocuments}. */
public final class Documents {
  private Documents() {}

  public static Buffer write(Object document) {
    return Buffer.buffer(JsonDocuments.write(document));
  }

  /**
   * The document.
   *
   * @throws dev.kanal.common.binary.UnreadableException if the JSON is another one
   */
  public static <T> T read(Buffer json, Class<T> type) {
    return JsonDocuments.read(json.getBytes(), type, "what a node answers", Function.identity());
  }
}
