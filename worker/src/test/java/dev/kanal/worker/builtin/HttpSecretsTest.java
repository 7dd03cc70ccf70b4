package dev.kanal.worker.builtin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.kanal.common.clock.Clocks;
import dev.kanal.common.config.HttpHandlerConfig;
import dev.kanal.common.job.ErrorInfo;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.TokenHash;
import dev.kanal.worker.JobFailed;
import dev.kanal.worker.Park;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Secrets, signatures and tokens, against a server that repeats what it is sent. */
final class HttpSecretsTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Map<String, String> ENVIRONMENT =
      Map.of("KANAL_SECRET_KEY", "hush-hush", "KANAL_SECRET_BROKEN", "two\nlines", "HOME", "/root");
  private static final HttpHandlerConfig CONFIG =
      new HttpHandlerConfig(List.of("*"), List.of(), false, 8, "http://kanal:8080/", "");

  private final AtomicInteger status = new AtomicInteger(200);
  private final AtomicReference<Headers> headers = new AtomicReference<>(new Headers());
  private final HttpServer server;

  HttpSecretsTest() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::repeat);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void shouldSendSecrets_andNotTellThemInErrors() throws Exception {
    call("\"headers\":{\"X-Key\":{\"$secret\":\"KEY\"}}");
    assertEquals("hush-hush", headers.get().getFirst("X-Key"));

    status.set(500);
    JobFailed failed = failure("\"headers\":{\"X-Key\":{\"$secret\":\"KEY\"}}");
    String all = ErrorInfo.of(failed).toString();
    assertTrue(all.contains("X-key=****"), all);
    assertFalse(all.contains("hush"), all);
  }

  @Test
  void shouldFailForGood_whenASecretIsNotThereOrNoHeader() {
    JobFailed unknown = failure("\"headers\":{\"X\":{\"$secret\":\"HOME\"}}");
    assertEquals("unknown-secret", unknown.reason());
    assertFalse(unknown.retryable());
    assertTrue(unknown.toString().contains("secret HOME"), unknown::toString);
    JobFailed broken = failure("\"headers\":{\"X\":{\"$secret\":\"BROKEN\"}}");
    assertEquals(Payloads.BAD, broken.reason());
    assertFalse(ErrorInfo.of(broken).toString().contains("lines"), broken::toString);
  }

  /** The figure was made with {@code openssl dgst -sha256 -hmac hush-hush}. */
  @Test
  void shouldSignTimeAndBody_asAnyToolVerifiesThem() throws Exception {
    String signature = HttpSignature.of("hush-hush", NOW, "{\"a\":1}");
    assertEquals(
        "t=1772366400,v1=c6977c6342453a200e2cfdcd3554c1fef4af01881bf3275286acbaef200b23dc",
        signature);

    call("\"body\":{\"a\":1},\"sign\":{\"$secret\":\"KEY\"}");
    assertEquals(signature, headers.get().getFirst("Kanal-Signature"));
    call("\"body\":{\"a\":1}");
    assertFalse(headers.get().containsKey("Kanal-Signature"));
  }

  @Test
  void shouldTellTheDeadlineAndTheTrace() throws Exception {
    call("\"body\":1");
    assertEquals("1970-01-01T00:00:10Z", headers.get().getFirst("Kanal-Deadline"));
    assertTrue(headers.get().getFirst("Traceparent").startsWith("00-0af7"));
    assertFalse(headers.get().containsKey(HttpCall.TOKEN));
  }

  @Test
  void shouldPark_whenAnAsynchronousCallIsAccepted() throws Exception {
    status.set(202);
    Park park = assertThrows(Park.class, () -> call("\"async\":true"));
    String token = headers.get().getFirst(HttpCall.TOKEN);
    assertEquals(32, token.length());
    assertEquals(TokenHash.of(token), park.token());
    String job = FixedContext.of(Duration.ZERO).jobId().toString();
    assertEquals(
        "http://kanal:8080/v1/jobs/" + job + "/complete",
        headers.get().getFirst("Kanal-Complete-Url"));

    assertThrows(Park.class, () -> call("\"async\":true"));
    assertFalse(token.equals(headers.get().getFirst(HttpCall.TOKEN)), "a token of its own");
  }

  @Test
  void shouldEndAtOnce_whenAnAsynchronousCallIsDoneOrRefused() throws Exception {
    assertTrue(call("\"async\":true").contains("\"status\":200"));
    status.set(202);
    assertTrue(call("\"async\":false").contains("\"status\":202"));
    status.set(400);
    assertEquals("http-400", failure("\"async\":true").reason());
  }

  private JobFailed failure(String fields) {
    return assertThrows(JobFailed.class, () -> call(fields));
  }

  private String call(String fields) throws Exception {
    String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    var payload = JsonBytes.of("{\"url\":\"" + url + "\"," + fields + "}");
    var clocks = new Clocks(() -> NOW, Clocks.system().ticker());
    var handler = new HttpHandler(CONFIG, clocks, ENVIRONMENT::get);
    return handler.handle(FixedContext.of(Duration.ofSeconds(10)), payload).toString();
  }

  private void repeat(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      headers.set(exchange.getRequestHeaders());
      byte[] body =
          ("X-key=" + exchange.getRequestHeaders().getFirst("X-Key"))
              .getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status.get(), body.length);
      exchange.getResponseBody().write(body);
    }
  }
}
