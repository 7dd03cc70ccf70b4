package dev.kanal.check.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class TrainApplicationTest {
  private final StringWriter printed = new StringWriter();

  @Test
  void shouldFail_whenTheTraineeEndsBeforeItIsReady() throws Exception {
    assertEquals(1, train("echo Expected a port; exit 2"));
    assertEquals("Expected a port", printed.toString().trim());
  }

  @Test
  void shouldSayWhereTracesGo_andTakeThem() throws Exception {
    assertEquals(1, train("echo $OTEL_TRACES_SAMPLER $OTEL_TRACES_SAMPLER_ARG"));
    assertEquals("parentbased_traceidratio 0.05", printed.toString().trim());
    try (TraceSink sink = new TraceSink();
        HttpClient client = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(URI.create(sink.url() + "/v1/traces"))
              .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[100_000]))
              .build();
      assertEquals(200, client.send(request, BodyHandlers.discarding()).statusCode());
    }
  }

  @Test
  void shouldReadOn_whateverTheTraineePrints() throws Exception {
    assertEquals(1, train("i=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i+1)); done"));
    assertTrue(printed.toString().contains("line 19999"));
  }

  /** A JVM prints while it writes down what it has learnt, and gives up if it cannot. */
  @Test
  void shouldHearWhatIsPrintedAfterTheEndWasAskedFor() throws Exception {
    String script = "trap 'echo learnt; exit 0' TERM; echo there; while :; do sleep 0.05; done";
    Process trainee = new ProcessBuilder("sh", "-c", script).start();
    try (BufferedReader output = trainee.inputReader(StandardCharsets.UTF_8)) {
      assertEquals("there", output.readLine());

      assertTrue(TrainApplication.end(trainee));

      assertEquals("learnt", output.readLine());
      assertEquals(0, trainee.exitValue());
    } finally {
      trainee.destroyForcibly();
    }
  }

  private int train(String script) throws Exception {
    return TrainApplication.train(List.of("sh", "-c", script), new PrintWriter(printed, true));
  }
}
