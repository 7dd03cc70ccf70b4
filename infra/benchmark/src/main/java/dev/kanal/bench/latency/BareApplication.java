package dev.kanal.bench.latency;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kanal.bench.bare.BarePrototype;
import dev.kanal.bench.kanal.Latencies;
import dev.kanal.bench.rest.Endpoint;
import dev.kanal.bench.run.Child;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.CompletionStage;

/**
 * The bare prototype with HTTP in front, as Kanal has it: takes probes, and reports how long after
 * they were due a share consumer had them.
 */
public final class BareApplication {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int COMMAND_BYTES = 256;

  private BareApplication() {}

  /**
   * @param arguments the directory for all that it keeps
   */
  public static void main(String[] arguments) throws Exception {
    Latencies starts = new Latencies();
    BarePrototype bare =
        BarePrototype.start(
            Path.of(arguments[0]), value -> starts.note(ByteBuffer.wrap(value).getLong()));
    int port = Endpoint.start(body -> submit(bare, body), reset -> report(starts, reset));
    System.out.println(Child.ready(port));
  }

  private static CompletionStage<?> submit(BarePrototype bare, byte[] body) {
    return bare.submit(
        ByteBuffer.allocate(COMMAND_BYTES).putLong(ProbeBody.dueMicros(body)).array());
  }

  private static String report(Latencies starts, boolean reset) {
    try {
      String summary = JSON.writeValueAsString(starts.summary());
      if (reset) {
        starts.reset();
      }
      return summary;
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
