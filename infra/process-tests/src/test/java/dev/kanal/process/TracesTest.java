package dev.kanal.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import dev.kanal.embedded.EmbeddedKafka;
import dev.kanal.embedded.junit.EmbeddedCluster;
import dev.kanal.embedded.junit.TestKafka;
import dev.kanal.process.kit.Await;
import dev.kanal.process.kit.HandlerJar;
import dev.kanal.process.kit.Nodes;
import dev.kanal.process.kit.OtlpReceiver;
import dev.kanal.process.kit.OtlpReceiver.Seen;
import dev.kanal.process.kit.Program;
import dev.kanal.process.kit.Programs;
import dev.kanal.process.kit.Server;
import dev.kanal.process.kit.TraceTree;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One trace for a job's whole life, as its receiver sees it. */
@EmbeddedCluster
final class TracesTest {
  private static final Logger log = LoggerFactory.getLogger(TracesTest.class);
  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration ANSWER = Duration.ofSeconds(30);

  /** The spans of a job of three attempts with a child. */
  private static final Map<String, Long> LIFE =
      Map.ofEntries(
          Map.entry("POST /v1/jobs", 1L),
          Map.entry("send log", 2L),
          Map.entry("decide default", 2L),
          Map.entry("wait delay", 1L),
          Map.entry("wait retry", 2L),
          Map.entry("wait queued", 4L),
          Map.entry("process tasks.default.normal", 4L),
          Map.entry("look for stock", 3L),
          Map.entry("POST", 1L),
          Map.entry("settle tasks.default.normal", 4L));

  /** The context of the caller, as the called service gets it. */
  private final CompletableFuture<Map<String, String>> called = new CompletableFuture<>();

  @TempDir private Path directory;
  @RegisterExtension private final Programs programs = new Programs();
  private OtlpReceiver receiver;
  private HttpServer service;

  @BeforeEach
  void listen() throws IOException {
    receiver = new OtlpReceiver();
    service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    service.createContext(
        "/",
        exchange -> {
          Map<String, String> headers = new HashMap<>();
          exchange.getRequestHeaders().forEach((name, all) -> headers.put(name, all.getFirst()));
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
          called.complete(headers);
        });
    service.start();
  }

  @AfterEach
  void close() {
    receiver.close();
    service.stop(0);
  }

  @Test
  void shouldShowAJobWithRetriesAChildAndACall_inOneTrace() throws Exception {
    Map<String, String> settings = settings();
    settings.put("KANAL_DATA", directory.resolve("data").toString());
    settings.put("KANAL_HTTP_PORT", "0");
    Program up = programs.kanal("up", settings, "up");

    TraceTree tree = traced(Server.in(up.awaitLine("Kanal is ready: ", START)));

    log.info("The trace of a job, from one process:\n{}", tree.text());
  }

  @Test
  void shouldShowTheSame_acrossTwoSchedulersAndTwoWorkers(TestKafka kafka) throws Exception {
    Nodes nodes =
        Nodes.start(
            programs,
            directory,
            kafka.bootstrapServers(),
            EmbeddedKafka.uniquePrefix() + "t",
            settings());

    TraceTree tree = traced(nodes.two());

    log.info("The trace of a job, from four processes:\n{}", tree.text());
    List<String> services = tree.spans().stream().map(Seen::service).distinct().sorted().toList();
    assertEquals(List.of("kanal-scheduler", "kanal-worker"), services);
  }

  private Map<String, String> settings() throws IOException {
    Map<String, String> settings = new HashMap<>(receiver.settings());
    Path handlers = HandlerJar.folder(directory, OrderHandler.class);
    settings.put("KANAL_WORKER_HANDLERS", handlers.toString());
    return settings;
  }

  private TraceTree traced(Server kanal) throws Exception {
    String url = "http://127.0.0.1:" + service.getAddress().getPort() + "/stock";
    String retry = "{\"maxAttempts\":3,\"backoff\":{\"initial\":\"50ms\"}}";
    JsonNode job =
        kanal
            .submit(
                "{\"type\":\"order\",\"payload\":\"%s\",\"delay\":\"200ms\",\"retry\":%s}"
                    .formatted(url, retry),
                Map.of("baggage", "tenant=7"))
            .expecting(202)
            .json();
    JsonNode ended = kanal.await(job.path("id").asText(), ANSWER).expecting(200).json();
    assertEquals("SUCCEEDED", ended.path("state").asText(), ended::toString);
    String child = ended.path("result").asText();
    JsonNode ofChild = kanal.await(child, ANSWER).expecting(200).json();
    assertEquals("SUCCEEDED", ofChild.path("state").asText(), ofChild::toString);

    String trace = ended.path("traceId").asText();
    TraceTree tree = awaitLife(trace);
    tree.assertWhole();
    assertEquals(LIFE, tree.counts(), tree::text);
    assertShowsTheLife(tree);
    assertEquals(trace, ofChild.path("traceId").asText());
    for (JsonNode attempt : ended.path("attempts")) {
      assertEquals(trace, attempt.path("traceId").asText());
    }
    assertCarried(tree);
    return tree;
  }

  private static void assertShowsTheLife(TraceTree tree) {
    Seen root = tree.roots().getFirst();
    assertEquals("/v1/jobs", root.attribute("http.route").orElse(""));
    assertEquals("202", root.attribute("http.response.status_code").orElse(""));
    List<Seen> attempts =
        tree.named("process").stream()
            .filter(each -> each.attribute("kanal.job.type").orElse("").equals("order"))
            .toList();
    assertEquals(List.of(), attempts.get(0).links());
    assertEquals(List.of(attempts.get(0).id()), attempts.get(1).links());
    assertEquals(List.of(attempts.get(1).id()), attempts.get(2).links());
    assertTrue(attempts.get(0).isError() && attempts.get(1).isError());
    assertTrue(!attempts.get(2).isError(), tree::text);
    String failed = "java.lang.IllegalStateException";
    assertEquals(failed, attempts.get(0).attribute("error.type").orElse(""));
    assertTrue(
        attempts.get(0).span().getEvents(0).toString().contains("OrderHandler.handle"),
        "the stack stands with the exception");
  }

  private void assertCarried(TraceTree tree) {
    Map<String, String> headers = called.join();
    assertEquals("tenant=7", headers.get("Baggage"));
    Seen call =
        tree.named("POST").stream()
            .filter(each -> each.name().equals("POST"))
            .findFirst()
            .orElseThrow();
    String carried = String.valueOf(headers.get("Traceparent"));
    assertTrue(carried.startsWith("00-%s-%s-0".formatted(call.trace(), call.id())), carried);
  }

  /** Each process sends its spans at times of its own: all have arrived when the time is up. */
  private TraceTree awaitLife(String trace) throws InterruptedException {
    Await await = new Await(ANSWER);
    TraceTree tree = new TraceTree(receiver.trace(trace));
    while (!tree.counts().equals(LIFE) && await.again()) {
      tree = new TraceTree(receiver.trace(trace));
    }
    return tree;
  }
}
