package dev.kanal.scheduler.api.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import dev.kanal.common.job.JsonBytes;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Writes JSON straight into a Vert.x buffer. */
public final class Json {
  private static final JsonFactory FACTORY =
      JsonFactory.builder().disable(StreamWriteFeature.FLUSH_PASSED_TO_STREAM).build();

  private final BufferStream stream;
  private final JsonGenerator out;

  private Json(BufferStream stream) throws IOException {
    this.stream = stream;
    this.out = FACTORY.createGenerator(stream);
  }

  /** Writes one document. */
  public interface Document {
    void write(JsonGenerator out, Json json) throws IOException;
  }

  public static Buffer write(int capacity, Document document) {
    try {
      Json json = new Json(new BufferStream(capacity));
      document.write(json.out, json);
      json.out.close();
      return json.stream.buffer();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Puts a document that is JSON already in the place of a value, byte for byte. */
  public void splice(JsonBytes value) throws IOException {
    out.writeRawValue("");
    out.flush();
    stream.write(value.utf8(), 0, value.length());
  }

  public void splice(Buffer value) throws IOException {
    out.writeRawValue("");
    out.flush();
    byte[] bytes = value.getBytes();
    stream.write(bytes, 0, bytes.length);
  }
}
