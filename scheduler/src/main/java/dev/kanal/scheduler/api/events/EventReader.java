package dev.kanal.scheduler.api.events;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/** Cuts what another node streams into server-sent events. */
final class EventReader {
  /** An event of another node is never longer. */
  private static final int BLOCK_MAX = 256 * 1024;

  private final Sink sink;
  private Buffer rest = Buffer.buffer();

  EventReader(Sink sink) {
    this.sink = sink;
  }

  /** Takes events. */
  interface Sink {
    void event(String name, String id, String data);
  }

  /**
   * Reads on.
   *
   * @throws IllegalStateException if this is no stream of events
   */
  void read(Buffer chunk) {
    Buffer all = rest.length() == 0 ? chunk : rest.appendBuffer(chunk);
    int from = 0;
    for (int i = 1; i < all.length(); i++) {
      if (all.getByte(i) == '\n' && all.getByte(i - 1) == '\n' && i > from) {
        block(all.getString(from, i, StandardCharsets.UTF_8.name()));
        from = i + 1;
      }
    }
    rest = Buffer.buffer().appendBuffer(all, from, all.length() - from);
    if (rest.length() > BLOCK_MAX) {
      throw new IllegalStateException("Expected events of at most " + BLOCK_MAX + " bytes");
    }
  }

  private void block(String block) {
    String name = "";
    String id = "";
    String data = "";
    for (String line : block.split("\n")) {
      if (line.startsWith("event: ")) {
        name = line.substring("event: ".length());
      } else if (line.startsWith("id: ")) {
        id = line.substring("id: ".length());
      } else if (line.startsWith("data: ")) {
        data = line.substring("data: ".length());
      }
    }
    if (!name.isEmpty()) {
      sink.event(name, id, data);
    }
  }
}
