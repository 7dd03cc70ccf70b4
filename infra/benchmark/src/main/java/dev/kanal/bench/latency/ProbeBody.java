package dev.kanal.bench.latency;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Reads what Kanal is sent, where a rival is sent the same. */
final class ProbeBody {
  private static final ObjectMapper JSON = new ObjectMapper();

  private ProbeBody() {}

  static long dueMicros(byte[] body) {
    try {
      return JSON.readTree(body).path("payload").path("due").asLong();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
