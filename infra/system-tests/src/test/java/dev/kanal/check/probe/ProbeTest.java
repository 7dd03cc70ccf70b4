package dev.kanal.check.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.check.history.Run;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class ProbeTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  private final CountDownLatch began = new CountDownLatch(1);
  private final Script script =
      new Script() {
        @Override
        public int index(String path) {
          return Integer.parseInt(path.substring(1));
        }

        @Override
        public Play play(Call call) {
          return switch (call.path()) {
            case "/1" -> new Play(Duration.ofMillis(50), Run.End.SUCCEEDED);
            case "/2" -> new Play(Duration.ZERO, Run.End.FAILED);
            case "/3" -> new Play(Duration.ZERO, Run.End.REFUSED);
            case "/4" ->
                new Play(Duration.ZERO, call.earlier() == 0 ? Run.End.SNOOZED : Run.End.SUCCEEDED);
            default -> new Play(LONG, Run.End.SUCCEEDED);
          };
        }

        @Override
        public void began(Call call) {
          began.countDown();
        }
      };
  private final Probe probe = Probe.start(script);

  @AfterEach
  void close() {
    probe.close();
  }

  @Test
  void shouldAnswerAndWriteDown_asItsPartIs() throws Exception {
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      assertEquals(200, call(client, 1).statusCode());
      assertEquals(500, call(client, 2).statusCode());
      assertEquals(400, call(client, 3).statusCode());
      HttpResponse<String> later = call(client, 4);
      assertEquals(429, later.statusCode());
      assertEquals("1", later.headers().firstValue("retry-after").orElse(""));
      assertEquals("{\"run\":5}", call(client, 4).body());
    }

    List<Run> runs = probe.runs();
    assertEquals(
        List.of(
            Run.End.SUCCEEDED, Run.End.FAILED, Run.End.REFUSED, Run.End.SNOOZED, Run.End.SUCCEEDED),
        runs.stream().map(Run::end).toList());
    Run first = runs.getFirst();
    assertEquals("job-1", first.job());
    assertEquals(2, first.attempt());
    assertEquals(3, first.dispatch());
    long took = first.span().end() - first.span().start();
    assertTrue(took >= 50_000, () -> "held for " + took + " µs");
  }

  @Test
  void shouldWriteDownTheMoment_whenTheWorkerBreaksTheConnection() throws Exception {
    URI url = URI.create(probe.url("/9"));
    try (Socket socket = new Socket(url.getHost(), url.getPort())) {
      OutputStream out = socket.getOutputStream();
      out.write(
          "POST /9 HTTP/1.1\r\nKanal-Job: j\r\nContent-Length: 0\r\n\r\n"
              .getBytes(StandardCharsets.US_ASCII));
      out.flush();
      assertTrue(began.await(10, TimeUnit.SECONDS));
      assertEquals(Run.End.OPEN, probe.runs().getFirst().end());
    }

    long end = System.nanoTime() + LONG.toNanos() / 2;
    while (probe.runs().getFirst().end() != Run.End.CUT && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    assertEquals(Run.End.CUT, probe.runs().getFirst().end());
  }

  @Test
  void shouldServeCallsSideBySide() throws Exception {
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      List<CompletableFuture<HttpResponse<String>>> calls =
          IntStream.range(0, 50)
              .mapToObj(_ -> client.sendAsync(request(1), BodyHandlers.ofString()))
              .toList();
      for (CompletableFuture<HttpResponse<String>> call : calls) {
        assertEquals(200, call.get(10, TimeUnit.SECONDS).statusCode());
      }
    }
    assertEquals(50, probe.runs().size());
  }

  private HttpResponse<String> call(HttpClient client, int index) throws Exception {
    return client.send(request(index), BodyHandlers.ofString());
  }

  private HttpRequest request(int index) {
    return HttpRequest.newBuilder(URI.create(probe.url("/" + index)))
        .header("Kanal-Job", "job-" + index)
        .header("Kanal-Attempt", "2")
        .header("Kanal-Dispatch", "3")
        .POST(BodyPublishers.ofString("some body"))
        .build();
  }
}
