package dev.kanal.scheduler.api.json;

import io.vertx.core.buffer.Buffer;
import java.io.OutputStream;

/** Writes to the end of a Vert.x buffer. */
final class BufferStream extends OutputStream {
  private final Buffer buffer;

  BufferStream(int capacity) {
    this.buffer = Buffer.buffer(capacity);
  }

  Buffer buffer() {
    return buffer;
  }

  @Override
  public void write(int b) {
    buffer.appendByte((byte) b);
  }

  @Override
  public void write(byte[] bytes, int from, int length) {
    buffer.appendBytes(bytes, from, length);
  }
}
