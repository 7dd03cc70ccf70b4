package dev.kanal.worker.builtin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.kanal.common.clock.Clocks;
import dev.kanal.common.config.HttpHandlerConfig;
import dev.kanal.common.job.ErrorInfo;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.worker.JobFailed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes out and comes back, byte for byte. */
final class HttpAnswersTest {
  private static final Duration SECONDS = Duration.ofSeconds(10);

  private final HttpServer server;
  private final HttpHandler handler =
      new HttpHandler(
          HttpHandlerConfig.DEFAULT,
          Clocks.system(),
          Map.of("KANAL_SECRET_NAME", "Jürgen")::get,
          new HttpTargets(
              HttpHandlerConfig.DEFAULT,
              HostPins.SHARED,
              _ -> List.of(InetAddress.getLoopbackAddress())));

  /** What the server got, in order. */
  private final List<Seen> seen = new CopyOnWriteArrayList<>();

  private final AtomicReference<Answer> answer = new AtomicReference<>(Answer.of(200, "", ""));

  private record Seen(String uri, String host, JsonBytes body) {}

  /** What the server answers, but for {@code /a/r}, which leads to {@code location}. */
  private record Answer(int status, String type, String encoding, String location, JsonBytes body) {
    static Answer of(int status, String type, String body) {
      return new Answer(status, type, "", "", JsonBytes.of(body));
    }

    Answer with(byte[] other) {
      return new Answer(status, type, encoding, location, JsonBytes.wrap(other));
    }
  }

  HttpAnswersTest() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":\"\\ud83d\"}",
        "[-0,1E5,1.50]",
        "{ \"b\":1,\n\"a\" : 2 }",
        "{\"ü\":\"😀\"}"
      })
  void shouldSendTheBody_byteForByte(String body) throws Exception {
    call("http://127.0.0.1:%d/", ",\"body\":" + body);
    assertEquals(JsonBytes.of(body), seen.getFirst().body);
  }

  @ParameterizedTest
  @CsvSource({
    "?page=2,/a/r?page=2",
    "b,/a/b",
    "./b,/a/b",
    "../b,/b",
    "/b/../c,/c",
    "'b c',/a/b%20c",
    "'#x',/a/r?first"
  })
  void shouldFollowARelativeRedirect(String location, String uri) throws Exception {
    answer.set(new Answer(200, "", "", location, JsonBytes.of("")));
    if (location.equals("#x")) {
      assertThrows(JobFailed.class, () -> call("http://127.0.0.1:%d/a/r?first", ""));
    } else {
      call("http://127.0.0.1:%d/a/r?first", "");
    }
    assertEquals(uri, seen.get(1).uri);
  }

  @Test
  void shouldCallNames_thatOnlySomeTake() throws Exception {
    for (String host : List.of("my_service", "a-.internal", "pod-0.1svc")) {
      call("http://" + host + ":%d/ok?x=1", "");
      assertEquals("/ok?x=1", seen.getLast().uri);
      assertEquals(host + ":" + server.getAddress().getPort(), seen.getLast().host);
    }
    answer.set(new Answer(200, "", "", "/b?c", JsonBytes.of("")));
    call("http://my_service:%d/a/r", "");
    assertEquals("/b?c", seen.getLast().uri);
    assertEquals("my_service:" + server.getAddress().getPort(), seen.getLast().host);
  }

  @ParameterizedTest
  @CsvSource({
    "text/plain; charset=ISO-8859-1, ISO-8859-1",
    "text/plain;charset=\"iso-8859-15\", ISO-8859-15",
    "text/csv; header=present; CHARSET = windows-1252, windows-1252",
    "text/html; charset=UTF-16LE, UTF-16LE",
    "application/xml; charset=utf-16, UTF-16",
    "text/plain; charset=Shift_JIS, Shift_JIS",
    "text/plain; charset=nobody-knows, UTF-8",
    "text/plain, UTF-8",
  })
  void shouldReadText_inTheCharsetThatItSaysItHas(String type, String charset) throws Exception {
    String text = charset.equals("Shift_JIS") ? "日本" : "café";
    answer.set(Answer.of(200, type, "").with(text.getBytes(Charset.forName(charset))));
    String result = call("http://127.0.0.1:%d/", "");
    assertTrue(result.endsWith(",\"body\":\"" + text + "\"}"), result);
  }

  @Test
  void shouldReadJson_inTheCharsetThatItSaysItHas() throws Exception {
    byte[] latin = "{\"a\":\"é\",\"b\":1.10}".getBytes(StandardCharsets.ISO_8859_1);
    answer.set(Answer.of(200, "application/json; charset=ISO-8859-1", "").with(latin));
    String result = call("http://127.0.0.1:%d/", "");
    assertTrue(result.endsWith(",\"body\":{\"a\":\"é\",\"b\":1.10}}"), result);
  }

  @Test
  void shouldSayWhatIsCompressed_andTellNoGarbageInErrors() throws Exception {
    byte[] gzip = gzip("x".repeat(100));
    answer.set(new Answer(200, "text/plain", "gzip", "", JsonBytes.wrap(gzip)));
    assertEquals(
        "{\"status\":200,\"headers\":{\"content-type\":\"text/plain\",\"content-encoding\":\"gzip\"},"
            + "\"body\":{\"base64\":\""
            + Base64.getEncoder().encodeToString(gzip)
            + "\"}}",
        call("http://127.0.0.1:%d/", ""));

    answer.set(new Answer(500, "text/plain", "gzip", "", JsonBytes.wrap(gzip)));
    String message = failure("http://127.0.0.1:%d/", "").toString();
    assertTrue(
        message.endsWith("but got 500 and " + gzip.length + " bytes that are no text"), message);

    answer.set(new Answer(200, "text/plain", "identity", "", JsonBytes.of("plain")));
    assertTrue(call("http://127.0.0.1:%d/", "").endsWith("\"body\":\"plain\"}"));
  }

  @Test
  void shouldCutErrors_beforeAPair() {
    answer.set(Answer.of(500, "text/plain", "x".repeat(199) + "😀"));
    String message = failure("http://127.0.0.1:%d/", "").toString();
    assertTrue(message.endsWith("500: " + "x".repeat(199)), message);
    answer.set(Answer.of(500, "text/plain", "x".repeat(198) + "😀y"));
    message = failure("http://127.0.0.1:%d/", "").toString();
    assertTrue(message.endsWith("x😀"), message);
    byte[] latin = "café".getBytes(StandardCharsets.ISO_8859_1);
    answer.set(Answer.of(400, "text/plain; charset=iso-8859-1", "").with(latin));
    assertTrue(failure("http://127.0.0.1:%d/", "").toString().endsWith("400: café"));
  }

  /** A query may hold a key: it is sent, and shown nowhere. */
  @Test
  void shouldSayNoQuery_whateverFails() {
    answer.set(Answer.of(500, "", ""));
    assertTellsNothing(failure("http://127.0.0.1:%d/x?token=hush", ""));
    answer.set(Answer.of(503, "", ""));
    assertTellsNothing(failure("http://127.0.0.1:%d/x?token=hush", ""));
    answer.set(new Answer(200, "", "", "/a/r?token=hush", JsonBytes.of("")));
    assertTellsNothing(failure("http://127.0.0.1:%d/a/r", ""));
    answer.set(new Answer(200, "", "", "ftp://x:hush@y/?token=hush", JsonBytes.of("")));
    assertTellsNothing(failure("http://127.0.0.1:%d/a/r", ""));
    answer.set(new Answer(200, "", "", "http://elsewhere.example/?token=hush", JsonBytes.of("")));
    assertTellsNothing(failure("http://127.0.0.1:%d/a/r", ""));
    assertTellsNothing(failure("http://127.0.0.1:%d/x?token=hush|", ""));
    assertTellsNothing(failure("http://u:hush@127.0.0.1:%d/", ""));
    assertTellsNothing(failure("http://169.254.169.254:%d/?token=hush", ""));
    server.stop(0);
    assertTellsNothing(failure("http://127.0.0.1:%d/x?token=hush", ""));
  }

  private static void assertTellsNothing(JobFailed failed) {
    String all = ErrorInfo.of(failed).toString();
    assertFalse(all.contains("hush"), all);
  }

  @Test
  void shouldRefuseASecret_thatNoHeaderCanSay() {
    JobFailed failed =
        failure("http://127.0.0.1:%d/", ",\"headers\":{\"X-Name\":{\"$secret\":\"NAME\"}}");
    assertEquals(Payloads.BAD, failed.reason());
    assertEquals(
        "Expected ASCII text of at most 8000 characters as header X-Name, but of the secret NAME"
            + " character 2 is U+00FC",
        failed.getMessage());
    assertTrue(seen.isEmpty());
  }

  private JobFailed failure(String url, String more) {
    return assertThrows(JobFailed.class, () -> call(url, more));
  }

  private String call(String url, String more) throws Exception {
    int port = server.getAddress().getPort();
    String payload = "{\"url\":\"" + url.formatted(port) + "\"" + more + "}";
    return handler.handle(FixedContext.of(SECONDS), JsonBytes.of(payload)).toString();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String uri = exchange.getRequestURI().toString();
      byte[] got = exchange.getRequestBody().readAllBytes();
      String host = exchange.getRequestHeaders().getFirst("Host");
      seen.add(new Seen(uri, host, JsonBytes.wrap(got)));
      Answer now = answer.get();
      if (uri.startsWith("/a/r") && !uri.contains("page") && !now.location.isEmpty()) {
        exchange.getResponseHeaders().add("Location", now.location);
        exchange.sendResponseHeaders(302, -1);
        return;
      }
      for (String[] header :
          new String[][] {{"Content-Type", now.type}, {"Content-Encoding", now.encoding}}) {
        if (!header[1].isEmpty()) {
          exchange.getResponseHeaders().add(header[0], header[1]);
        }
      }
      byte[] body = now.body.utf8();
      exchange.sendResponseHeaders(now.status, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(Arrays.copyOf(body, body.length));
    }
  }

  private static byte[] gzip(String text) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }
}
