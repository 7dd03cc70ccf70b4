package dev.kanal.scheduler.api.door;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.error.ErrorCode;
import dev.kanal.scheduler.api.ApiNode;
import dev.kanal.scheduler.api.Await;
import dev.kanal.scheduler.api.RawHttp;
import dev.kanal.scheduler.api.http.Answer;
import dev.kanal.scheduler.api.http.Failures;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.api.problem.RefusedException;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Calls by bodies of this test, on one event loop. */
final class CallThreadsTest {
  private static final Answer DONE = Answer.json(200, Buffer.buffer("{}"));

  private final Vertx vertx = Vertx.vertx();
  private final CallThreads threads = new CallThreads(4);
  private final List<RawHttp> open = new ArrayList<>();
  private final CompletableFuture<Answer> later = new CompletableFuture<>();
  private URI uri = URI.create("http://127.0.0.1");

  @BeforeEach
  void listen() throws Exception {
    int port =
        vertx
            .createHttpServer()
            .requestHandler(
                request -> threads.run(request, () -> body(String.valueOf(request.path()))))
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .get(20, TimeUnit.SECONDS)
            .actualPort();
    uri = URI.create("http://127.0.0.1:" + port);
  }

  @AfterEach
  void stop() throws Exception {
    for (RawHttp each : open) {
      each.close();
    }
    vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    threads.close();
  }

  private Answer body(String path) throws RefusedException {
    return switch (path) {
      case "/refused" -> throw new RefusedException(Problem.of(ErrorCode.CONFLICT, "not now"));
      case "/broken" -> throw new IllegalStateException("on purpose");
      case "/failed" ->
          CallThreads.await(
              CompletableFuture.<Answer>failedFuture(new IOException("away")),
              failure -> Problem.shardUnavailable(String.valueOf(failure.getMessage())));
      case "/later" -> CallThreads.await(later, Failures::internal);
      default -> DONE.with("X-Thread", Thread.currentThread().getName());
    };
  }

  @Test
  void aBodyHasItsOwnThread_andItsAnswerComesFromTheEventLoop() throws IOException {
    CompletableFuture<String> sender = new CompletableFuture<>();
    later.complete(
        request -> {
          sender.complete(Thread.currentThread().getName());
          DONE.send(request);
        });

    assertTrue(call("/").header("X-Thread").startsWith("kanal-call-"));
    assertEquals(200, call("/later").status());
    assertTrue(sender.join().startsWith("vert.x-eventloop-thread-"), sender.join());
  }

  @Test
  void whatABodyThrows_isItsAnswer() throws IOException {
    assertEquals(409, call("/refused").status());
    assertEquals(500, call("/broken").status());
    RawHttp.Reply failed = call("/failed");

    assertEquals(503, failed.status());
    assertTrue(failed.body().contains("away"), failed.body());
    Await.until("their places are free", () -> threads.running() == 0);
  }

  @Test
  void oneClientGetsHalfOfThePlaces_andAClientThatWentAwayKeepsIts() throws IOException {
    for (int i = 1; i <= 2; i++) {
      int running = i;
      ask("127.0.0.1", "/later");
      Await.until("it runs", () -> threads.running() == running);
    }
    for (RawHttp each : open) {
      each.hangUp();
    }

    RawHttp.Reply refused = call("/");
    assertEquals(503, refused.status());
    assertTrue(refused.body().contains("urn:kanal:problem:overloaded"), refused.body());
    assertEquals("1", refused.header("Retry-After"));
    assertEquals(200, ask("127.0.0.2", "/").read().status(), "another client");

    later.complete(DONE);
    Await.until("the places are free", () -> threads.running() == 0);
    assertEquals(200, call("/").status());
  }

  @Test
  void whenTheNodeStops_noBodyWaitsAnyLonger() throws Exception {
    RawHttp waiting = ask("127.0.0.1", "/later");
    Await.until("it runs", () -> threads.running() == 1);
    CompletableFuture<RefusedException> pausing = new CompletableFuture<>();
    Thread paused =
        Thread.ofVirtual()
            .start(
                () ->
                    pausing.complete(
                        assertThrows(
                            RefusedException.class, () -> threads.pause(Duration.ofHours(1)))));

    threads.close();

    assertEquals(0, threads.running());
    assertTrue(waiting.read().body().contains("shard-ambiguous"), "it may have been done");
    assertEquals(ErrorCode.SHARD_AMBIGUOUS, pausing.get(20, TimeUnit.SECONDS).problem().code());
    paused.join();
    assertTrue(call("/").body().contains("shard-unavailable"), "no new one");
    assertEquals(0, threads.running());
  }

  @Test
  void nobodyWaitsOnAnEventLoop() {
    CompletableFuture<IllegalStateException> refused = new CompletableFuture<>();
    vertx.runOnContext(
        _ ->
            refused.complete(
                assertThrows(
                    IllegalStateException.class,
                    () -> CallThreads.await(later, Failures::internal))));

    Await.until("it is refused", refused::isDone);
  }

  @Test
  void aCommandThatWaitsForKafka_holdsUpNoOtherCall() throws IOException {
    try (ApiNode node = new ApiNode()) {
      String job = ApiNode.header(node.submit("{\"type\":\"a\"}"), "Location");
      node.shards.acknowledge = new CompletableFuture<>();
      RawHttp cancel = new RawHttp(node.uri("/"));
      open.add(cancel);
      cancel.sendHead("POST " + job + "/cancel", "Content-Length: 0");
      Await.until("it is being sent", () -> node.shards.sending.get() == 1);

      assertEquals("QUEUED", ApiNode.json(node.get(job)).get("state").textValue());
      node.shards.acknowledge.complete(null);
      assertEquals(200, cancel.read().status());
      assertEquals("CANCELLED", ApiNode.json(node.get(job)).get("state").textValue());
    }
  }

  @Test
  void aChangeOfSeveralSteps_goesOnWithoutItsClient() throws IOException {
    try (ApiNode node = new ApiNode()) {
      node.put("/v1/queues/q", "{\"partitions\":2}");
      node.shards.acknowledge = new CompletableFuture<>();
      RawHttp delete = new RawHttp(node.uri("/"));
      delete.sendHead("DELETE /v1/queues/q");
      Await.until("it is being sent", () -> node.shards.sending.get() == 1);
      delete.hangUp();
      assertFalse(node.queues.topics.isEmpty());

      node.shards.acknowledge.complete(null);
      Await.until("its last step is done", node.queues.topics::isEmpty);
    }
  }

  @Test
  void whatWasAccepted_isNotLostWhenTheNodeStops() throws IOException {
    ApiNode node = new ApiNode();
    String job = ApiNode.header(node.submit("{\"type\":\"a\"}"), "Location");
    node.shards.reach = new CompletableFuture<>();
    RawHttp cancel = new RawHttp(node.uri("/"));
    open.add(cancel);
    cancel.sendHead("POST " + job + "/cancel", "Content-Length: 0");
    Await.until("it is in the log", () -> node.shards.sent.get() == 2);

    node.close();
    String id = job.substring(job.lastIndexOf('/') + 1);
    assertEquals("CANCELLED", node.shards.job(id).state().name());
  }

  private RawHttp.Reply call(String path) throws IOException {
    return ask("127.0.0.1", path).read();
  }

  private RawHttp ask(String from, String path) throws IOException {
    RawHttp http = new RawHttp(uri, InetAddress.getByName(from));
    open.add(http);
    http.sendHead("POST " + path, "Content-Length: 0");
    return http;
  }
}
