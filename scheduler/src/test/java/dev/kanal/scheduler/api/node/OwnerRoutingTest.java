package dev.kanal.scheduler.api.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kanal.scheduler.api.ApiNode;
import dev.kanal.scheduler.api.http.Answers;
import dev.kanal.scheduler.api.http.NodeHeaders;
import dev.kanal.scheduler.engine.query.JobReader.Owner;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two nodes that answer with what they were asked. */
final class OwnerRoutingTest {
  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final AtomicInteger handled = new AtomicInteger();
  private volatile Owner ownerForOne = new Owner.Local();
  private volatile Owner ownerForTwo = new Owner.Local();
  private int one;
  private int two;

  @BeforeEach
  void start() throws Exception {
    OwnerRouting first =
        new OwnerRouting(_ -> ownerForOne, new NodeClient(vertx), Duration.ofMillis(800));
    OwnerRouting second = new OwnerRouting(_ -> ownerForTwo, new NodeClient(vertx));
    one = listen(first, "one");
    two = listen(second, "two");
    ownerForOne = new Owner.Remote("127.0.0.1", two);
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  @Test
  void aWholeRequestIsPassedOn_andItsAnswerPassedBack() {
    HttpResponse<String> answer =
        send(
            request(one, "/v1/a%2Fb?x=1&y=%20")
                .header("Content-Type", "application/json")
                .header("Prefer", "wait=3")
                .header("Idempotency-Key", "k")
                .header("If-Match", "\"7\"")
                .header("traceparent", "00-1")
                .header("tracestate", "a=1")
                .header("baggage", "b=2")
                .header("Accept", "application/json")
                .header("X-Other", "1")
                .PUT(BodyPublishers.ofString("{\"a\": 1}")));
    JsonNode seen = ApiNode.parse(answer.body());

    assertEquals(201, answer.statusCode());
    for (String header : new String[] {"Location", "ETag", "Retry-After", "Idempotency-Replayed"}) {
      assertEquals("of two", ApiNode.header(answer, header), header);
    }
    assertEquals("text/x", ApiNode.header(answer, "Content-Type"));
    assertEquals("", ApiNode.header(answer, "X-Inner"));
    assertEquals("PUT /v1/a%2Fb?x=1&y=%20 {\"a\": 1}", seen.get("request").asText());
    assertEquals(
        "application/json, application/json, wait=3, k, \"7\", 00-1, a=1, b=2, null, 1",
        seen.get("headers").asText());
  }

  @Test
  void anAnswerWithoutABodyIsPassedBack() {
    HttpResponse<String> answer = send(request(one, "/v1/empty").DELETE());

    assertEquals(204, answer.statusCode());
    assertEquals("", answer.body());
    assertEquals("DELETE /v1/empty", ApiNode.header(answer, "Location"));
  }

  @Test
  void whatIsPassedOnIsNotPassedOnAgain() {
    ownerForTwo = new Owner.Remote("127.0.0.1", one);

    assertUnavailable("shard-unavailable", send(request(one, "/v1/a").GET()));
    assertEquals(0, handled.get());
  }

  @Test
  void aShardWithoutAnOwnerIsReported() {
    ownerForOne = new Owner.Unknown();

    assertUnavailable("shard-unavailable", send(request(one, "/v1/a").GET()));
  }

  @Test
  void anOwnerThatIsNotThereHasNotGotIt() throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      ownerForOne = new Owner.Remote("127.0.0.1", free.getLocalPort());
    }

    assertUnavailable("shard-unavailable", send(request(one, "/v1/a").GET()));
  }

  @Test
  void anOwnerThatHangsUpMayHaveDoneIt() throws Exception {
    try (ServerSocket broken = new ServerSocket(0)) {
      ownerForOne = new Owner.Remote("127.0.0.1", broken.getLocalPort());
      Thread owner = Thread.ofVirtual().start(() -> readAndHangUp(broken));

      HttpResponse<String> answer = send(request(one, "/v1/a").POST(BodyPublishers.ofString("{}")));

      assertUnavailable("shard-ambiguous", answer);
      assertTrue(answer.body().contains("may have been done"), answer.body());
      owner.join();
    }
  }

  @Test
  void anOwnerThatIsSilentMayHaveDoneIt() throws Exception {
    try (ServerSocket silent = new ServerSocket(0)) {
      ownerForOne = new Owner.Remote("127.0.0.1", silent.getLocalPort());

      assertUnavailable(
          "shard-ambiguous", send(request(one, "/v1/a").POST(BodyPublishers.ofString("{}"))));
    }
  }

  private static void readAndHangUp(ServerSocket server) {
    try (Socket socket = server.accept()) {
      assertTrue(socket.getInputStream().read() > 0, "something was sent");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void assertUnavailable(String code, HttpResponse<String> answer) {
    assertEquals(503, answer.statusCode());
    assertEquals("1", ApiNode.header(answer, "Retry-After"));
    assertEquals("urn:kanal:problem:" + code, ApiNode.parse(answer.body()).get("type").asText());
  }

  private int listen(OwnerRouting atOwner, String name) throws Exception {
    return vertx
        .createHttpServer()
        .requestHandler(
            request -> {
              var _ =
                  request
                      .body()
                      .onSuccess(
                          body ->
                              Answers.when(
                                  request,
                                  atOwner.later(
                                      request,
                                      3,
                                      body,
                                      () ->
                                          Future.succeededFuture(
                                              asked -> echo(asked, name, body)))));
            })
        .listen(0, "127.0.0.1")
        .toCompletionStage()
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS)
        .actualPort();
  }

  private void echo(HttpServerRequest request, String name, Buffer body) {
    handled.incrementAndGet();
    String line = request.method() + " " + request.uri() + " " + body;
    if (line.contains("/empty")) {
      request.response().putHeader("Location", line);
      Answers.noContent(request);
      return;
    }
    StringBuilder headers = new StringBuilder();
    for (String header :
        new String[] {
          "Content-Type",
          "Accept",
          "Prefer",
          "Idempotency-Key",
          "If-Match",
          "traceparent",
          "tracestate",
          "baggage",
          "X-Other",
          NodeHeaders.FORWARDED
        }) {
      headers.append(headers.isEmpty() ? "" : ", ").append(request.getHeader(header));
    }
    for (String header :
        new String[] {"Location", "ETag", "Retry-After", "Idempotency-Replayed", "X-Inner"}) {
      request.response().putHeader(header, "of " + name);
    }
    JsonObject seen = new JsonObject().put("request", line).put("headers", headers.toString());
    Answers.send(request, 201, "text/x", seen.toBuffer());
  }

  private HttpRequest.Builder request(int port, String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .timeout(Duration.ofSeconds(20));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
