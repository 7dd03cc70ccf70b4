package dev.kanal.worker.builtin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.kanal.common.clock.Clocks;
import dev.kanal.common.config.HttpHandlerConfig;
import dev.kanal.common.http.HttpPayload;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.worker.Context;
import dev.kanal.worker.JobFailed;
import dev.kanal.worker.Snooze;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HttpHandlerTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final HttpHandler handler =
      new HttpHandler(
          HttpHandlerConfig.DEFAULT,
          new Clocks(() -> NOW, Clocks.system().ticker()),
          Map.of("KANAL_SECRET_KEY", "hush")::get);
  private final CountDownLatch end = new CountDownLatch(1);
  private final HttpServer server;
  private final AtomicReference<@Nullable Seen> seen = new AtomicReference<>();

  /** What the server got last. */
  private record Seen(String method, String path, Headers headers, String body) {}

  HttpHandlerTest() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    end.countDown();
    server.stop(0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          application/json         | {"a":1.10}  | {"a":1.10}
          application/json;x=y     | [1, 2]      | [1, 2]
          application/problem+json | 7           | 7
          application/json         | {"a":       | "{\\"a\\":"
          application/json         | 1 2         | "1 2"
          text/plain               | {"a":1}     | "{\\"a\\":1}"
          text/plain               | straße "x"  | "straße \\"x\\""
          """)
  void shouldReturnBody_asJsonOrText(String type, String body, String expected) throws Exception {
    assertEquals(
        "{\"status\":200,\"headers\":{\"content-type\":\""
            + type
            + "\"},\"body\":"
            + expected
            + "}",
        run(Map.of("status", "200", "type", type, "body", body)));
  }

  @Test
  void shouldReturnNullOrBase64_whenBodyIsEmptyOrBinary() throws Exception {
    assertEquals("{\"status\":204,\"headers\":{},\"body\":null}", run(Map.of("status", "204")));
    assertEquals(
        "{\"status\":200,\"headers\":{},\"body\":{\"base64\":\"//4=\"}}",
        run(Map.of("status", "200", "binary", "1")));
  }

  @ParameterizedTest
  @CsvSource({
    "400,false",
    "401,false",
    "404,false",
    "408,true",
    "409,false",
    "422,false",
    "425,true",
    "429,true",
    "500,true",
    "502,true",
    "503,true",
    "504,true",
    "304,false"
  })
  void shouldFail_whenStatusIsNotSuccess(String status, boolean retryable) {
    JobFailed failed = assertThrows(JobFailed.class, () -> run(Map.of("status", status)));

    assertEquals("http-" + status, failed.reason());
    assertEquals(retryable, failed.retryable());
  }

  @ParameterizedTest
  @CsvSource({
    "429,7,PT7S",
    "429,0,PT5S",
    "503,4,PT5S",
    "503,5,PT5S",
    "503,'Sun, 01 Mar 2026 11:00:00 GMT',PT5S",
    "503,'Sun, 01 Mar 2026 12:00:06 GMT',PT6S",
    "503,999999,PT1H",
    "503,9999999999999999999,PT1H"
  })
  void shouldSnooze_whenServerSaysWhen_neverSoonerThanTheJobsOwnBackoff(
      String status, String after, Duration expected) {
    Snooze snooze = assertThrows(Snooze.class, () -> run(Map.of("status", status, "after", after)));

    assertEquals(expected, snooze.delay());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"-5", "+5", "1.5", "5s", "soon", "5, 10", "Sun, 32 Mar 2026 12:00:06 GMT"})
  void shouldFail_whenRetryAfterSaysNothing(String after) {
    JobFailed failed =
        assertThrows(JobFailed.class, () -> run(Map.of("status", "503", "after", after)));

    assertEquals("http-503", failed.reason());
    assertTrue(failed.retryable());
  }

  @Test
  void shouldReadRetryAfter_inAllForms() {
    String date =
        DateTimeFormatter.RFC_1123_DATE_TIME.format(NOW.plusSeconds(90).atZone(ZoneOffset.UTC));

    assertEquals(Optional.of(Duration.ofSeconds(90)), RetryAfter.parse(date, NOW));
    assertEquals(Optional.of(Duration.ZERO), RetryAfter.parse(date, NOW.plusSeconds(100)));
    assertEquals(Optional.of(Duration.ZERO), RetryAfter.parse("000", NOW));
    assertEquals(Optional.of(Duration.ofSeconds(7)), RetryAfter.parse("0000000000000007", NOW));
    assertEquals(
        Optional.of(Duration.ofSeconds(30)),
        RetryAfter.parse("Sunday, 01-Mar-26 12:00:30 GMT", NOW));
    assertEquals(
        Optional.of(Duration.ZERO), RetryAfter.parse("Sunday, 06-Nov-94 08:49:37 GMT", NOW));
    assertEquals(
        Optional.of(Duration.ofSeconds(30)), RetryAfter.parse("Sun Mar  1 12:00:30 2026", NOW));
    assertThrows(JobFailed.class, () -> run(Map.of("status", "500", "after", "7")));
  }

  @Test
  void shouldSendHeadersAndBody_asGiven() throws Exception {
    call("{\"url\":\"%s\",\"headers\":{\"X-A\":\"b\"},\"body\":{\"n\":1.50,\"s\":\"é\"}}");
    Seen json = last();
    assertEquals("POST", json.method);
    assertEquals("{\"n\":1.50,\"s\":\"é\"}", json.body);
    assertEquals("application/json", json.headers.getFirst("Content-Type"));
    assertEquals("b", json.headers.getFirst("X-A"));
    String job = FixedContext.of(Duration.ZERO).jobId().toString();
    assertEquals(job, json.headers.getFirst("Idempotency-Key"));
    assertEquals(job, json.headers.getFirst("Kanal-Job"));
    assertEquals("2", json.headers.getFirst("Kanal-Attempt"));
    assertEquals("3", json.headers.getFirst("Kanal-Dispatch"));
    assertTrue(json.headers.getFirst("Traceparent").startsWith("00-0af7"));

    call("{\"url\":\"%s\",\"method\":\"put\",\"body\":\"plain\"}");
    Seen text = last();
    assertEquals("PUT", text.method);
    assertEquals("plain", text.body);
    assertNull(text.headers.getFirst("Content-Type"));
  }

  @ParameterizedTest
  @CsvSource({"301,GET,''", "302,GET,''", "303,GET,''", "307,POST,x", "308,POST,x"})
  void shouldFollowRedirect(String status, String method, String body) throws Exception {
    String url = url("/redirect?status=" + status + "&times=5");

    handle("{\"url\":\"" + url + "\",\"body\":\"x\"}", Duration.ofSeconds(10));

    assertEquals("/answer", last().path);
    assertEquals(method, last().method);
    assertEquals(body, last().body);
  }

  /** Servers that know other upgrades answer an offer of HTTP/2 over plain HTTP with an error. */
  @Test
  void shouldOfferNoUpgrade_andSpeakHttp2OverTlsOnly() throws Exception {
    call("{\"url\":\"%s\",\"body\":1}");
    assertNull(last().headers.getFirst("Upgrade"));
    assertNull(last().headers.getFirst("Connection"));
    assertNull(last().headers.getFirst("HTTP2-Settings"));

    HttpCall plain = call("{\"url\":\"http://a.example/\"}", null);
    HttpCall tls = call("{\"url\":\"HTTPS://a.example/\"}", null);
    assertEquals(Optional.of(HttpClient.Version.HTTP_1_1), version(plain));
    assertEquals(Optional.of(HttpClient.Version.HTTP_2), version(tls));
  }

  private static Optional<HttpClient.Version> version(HttpCall call) throws JobFailed {
    InetAddress anywhere = InetAddress.getLoopbackAddress();
    return call.request(anywhere, Duration.ofSeconds(1), NOW).version();
  }

  @Test
  void shouldFailForGood_whenThereAreTooManyRedirectsOrToAnotherScheme() {
    assertFailure("too-many-redirects", false, "{\"url\":\"" + url("/redirect?times=6") + "\"}");
    assertFailure("redirect-refused", false, "{\"url\":\"" + url("/redirect?to=file:///x") + "\"}");
  }

  @Test
  void shouldRefuseRedirect_whenItLeavesHttps() throws Exception {
    HttpCall call = call("{\"url\":\"https://a.example/x\"}", null);

    assertThrows(JobFailed.class, () -> call.redirected(302, "http://a.example/x", true));
    assertThrows(JobFailed.class, () -> call.redirected(302, "https://b.example/x", false));
    assertEquals("https://a.example/y", call.redirected(302, "/y", false).url().toString());
  }

  @Test
  void shouldKeepSecrets_whenRedirectLeadsElsewhere() throws Exception {
    HttpCall call =
        call(
            "{\"url\":\"https://a.example/x\",\"sign\":{\"$secret\":\"KEY\"},\"headers\":{"
                + "\"Authorization\":\"secret\",\"X-A\":\"b\",\"X-B\":{\"$secret\":\"KEY\"}}}",
            "token");

    HttpCall elsewhere = call.redirected(307, "https://b.example/x", true);

    assertFalse(elsewhere.headers().containsKey("authorization"));
    assertFalse(elsewhere.headers().containsKey("x-b"));
    assertFalse(elsewhere.headers().containsKey(HttpCall.TOKEN));
    assertNull(elsewhere.signKey());
    assertEquals("b", elsewhere.headers().get("x-a"));
    HttpCall same = call.redirected(307, "/y", false);
    assertEquals("secret", same.headers().get("authorization"));
    assertEquals("token", same.headers().get(HttpCall.TOKEN));
    assertFalse(call.toString().contains("hush"), "a secret is not for logs");
  }

  private static HttpCall call(String payload, @Nullable String token) throws Exception {
    var secrets = new HttpSecrets(Map.of("KANAL_SECRET_KEY", "hush")::get);
    var needs = new HttpCall.Needs(HttpHandlerConfig.DEFAULT, secrets, token);
    Context context = FixedContext.of(Duration.ofHours(1));
    return HttpCall.of(HttpPayload.read(JsonBytes.of(payload)), context, needs);
  }

  @Test
  void shouldStopReading_whenResponseIsTooLarge() throws Exception {
    assertFailure("response-too-large", false, "{\"url\":\"" + url("/endless") + "\"}");
    assertTrue(run(Map.of("status", "200", "body", "x".repeat(1_000))).contains("xxx"));
    assertThrows(JobFailed.class, () -> run(Map.of("status", "200", "body", "x".repeat(1_001))));
  }

  @Test
  void shouldBeRetryable_whenServerIsSilentSlowOrGone() {
    assertFailure(
        "http-timeout", true, "{\"url\":\"" + url("/silent") + "\",\"timeout\":\"200ms\"}");
    assertFailure(
        "http-timeout", true, "{\"url\":\"" + url("/half") + "\",\"timeout\":\"PT0.2S\"}");
    int port = server.getAddress().getPort();
    server.stop(0);
    assertFailure("connection-failed", true, "{\"url\":\"http://127.0.0.1:" + port + "/\"}");
  }

  @Test
  void shouldNotTakeLonger_thanTheJobHasLeft() {
    JobFailed failed =
        assertThrows(
            JobFailed.class,
            () -> handle("{\"url\":\"" + url("/silent") + "\"}", Duration.ofMillis(150)));

    assertEquals("http-timeout", failed.reason());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"url\":\"ftp://x/\"}",
        "{\"url\":\"http:///x\"}",
        "{\"url\":\"http://0x7f.1/\"}",
        "{\"url\":\"http://0251.0376.0251.0376/\"}",
        "{\"url\":\"http://127.0.0.1:99999/\"}",
        "{\"url\":\"http://169.254.169.254./\"}",
        "{\"url\":\"not a url\"}",
        "{\"url\":\"http://user:pw@x/\"}",
        "{\"url\":\"http://x/\",\"method\":\"CONNECT\"}",
        "{\"url\":\"http://x/\",\"method\":\"A B\"}",
        "{\"url\":\"http://x/\",\"timeout\":\"soon\"}",
        "{\"url\":\"http://x/\",\"timeout\":\"-PT1S\"}",
        "{\"url\":\"http://x/\",\"timeout\":\"0s\"}",
        "{\"url\":\"http://x/\",\"headers\":{\"Host\":\"y\"}}",
        "{\"url\":\"http://x/\",\"headers\":{\"content-length\":\"1\"}}",
        "{\"url\":\"http://x/\",\"headers\":{\"Kanal-Job\":\"1\"}}",
        "{\"url\":\"http://x/\",\"headers\":{\"kanal-deadline\":\"1\"}}",
        "{\"url\":\"http://x/\",\"headers\":{\"Idempotency-Key\":\"1\"}}",
        "{\"url\":\"http://x/\",\"headers\":{\"Traceparent\":\"1\"}}",
        "{\"url\":\"http://x/\",\"headers\":{\"A\":{\"secret\":\"X\"}}}",
        "{\"url\":\"http://x/\",\"headers\":{\"A\":{\"$secret\":\"not a name\"}}}",
        "{\"url\":\"http://x/\",\"headers\":{\"A\":[1]}}",
        "{\"url\":\"http://x/\",\"sign\":\"KEY\"}",
        "{\"url\":\"http://x/\",\"headers\":{\"A B\":\"1\"}}",
        "{\"url\":\"http://x/\",\"headers\":{\"A\":\"1\\r\\nB: 2\"}}"
      })
  void shouldFailForGood_whenPayloadIsBad(String payload) {
    assertFailure(Payloads.BAD, false, payload);
  }

  private void assertFailure(String reason, boolean retryable, String payload) {
    JobFailed failed = assertThrows(JobFailed.class, () -> handle(payload, Duration.ofSeconds(10)));
    assertEquals(reason, failed.reason(), failed::getMessage);
    assertEquals(retryable, failed.retryable());
  }

  private String run(Map<String, String> wanted) throws Exception {
    var headers = new HashMap<String, String>();
    wanted.forEach((name, value) -> headers.put("Want-" + name, encode(value)));
    String json = MAPPER.writeValueAsString(headers);
    String payload = "{\"url\":\"" + url("/answer") + "\",\"headers\":" + json + "}";
    return handle(payload, Duration.ofSeconds(10));
  }

  private void call(String template) throws Exception {
    var _ = handle(template.formatted(url("/answer")), Duration.ofSeconds(10));
  }

  private String handle(String json, Duration remaining) throws Exception {
    return handler.handle(FixedContext.of(remaining), JsonBytes.of(json)).toString();
  }

  private Seen last() {
    Seen last = seen.get();
    if (last == null) {
      throw new AssertionError("Expected a request, but the server got none");
    }
    return last;
  }

  private String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      byte[] body = exchange.getRequestBody().readAllBytes();
      Headers headers = exchange.getRequestHeaders();
      seen.set(
          new Seen(
              exchange.getRequestMethod(),
              path,
              headers,
              new String(body, StandardCharsets.UTF_8)));
      switch (path) {
        case "/redirect" -> redirect(exchange);
        case "/silent" -> end.await();
        case "/half" -> {
          exchange.sendResponseHeaders(200, 10);
          exchange.getResponseBody().write(1);
          exchange.getResponseBody().flush();
          end.await();
        }
        case "/endless" -> endless(exchange);
        default -> asWanted(exchange, headers);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void redirect(HttpExchange exchange) throws IOException {
    Map<String, String> query = new HashMap<>();
    for (String part : exchange.getRequestURI().getQuery().split("&")) {
      query.put(part.substring(0, part.indexOf('=')), part.substring(part.indexOf('=') + 1));
    }
    int times = Integer.parseInt(query.getOrDefault("times", "1"));
    String status = query.getOrDefault("status", "302");
    String next = times == 1 ? "/answer" : "/redirect?status=" + status + "&times=" + (times - 1);
    exchange.getResponseHeaders().add("Location", query.getOrDefault("to", next));
    exchange.sendResponseHeaders(Integer.parseInt(status), -1);
  }

  private static void endless(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    byte[] part = new byte[1_000];
    for (int i = 0; i < 1_000_000; i++) {
      exchange.getResponseBody().write(part);
    }
  }

  private static void asWanted(HttpExchange exchange, Headers headers) throws IOException {
    String type = wanted(headers, "type");
    if (type != null) {
      exchange.getResponseHeaders().add("Content-Type", type);
    }
    String after = wanted(headers, "after");
    if (after != null) {
      exchange.getResponseHeaders().add("Retry-After", after);
    }
    String text = wanted(headers, "body");
    byte[] body =
        wanted(headers, "binary") != null
            ? new byte[] {-1, -2}
            : text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
    String status = wanted(headers, "status");
    exchange.sendResponseHeaders(
        status == null ? 200 : Integer.parseInt(status), body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      exchange.getResponseBody().write(body);
    }
  }

  private static @Nullable String wanted(Headers headers, String name) {
    String value = headers.getFirst("Want-" + name);
    return value == null ? null : URLDecoder.decode(value, StandardCharsets.UTF_8);
  }
}
