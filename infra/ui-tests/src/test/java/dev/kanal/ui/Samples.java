package dev.kanal.ui;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kanal.common.clock.Clocks;
import dev.kanal.common.clock.Ticker;
import dev.kanal.junit.TestKanal;
import dev.kanal.worker.JobFailed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Sample data, and a test's own calls to the API. */
final class Samples {
  static final String WORKER = "looked-at";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long PAUSE_MS = 50;

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final CountDownLatch never = new CountDownLatch(1);
  private final TestKanal kanal;

  Samples(TestKanal kanal) {
    this.kanal = kanal;
  }

  /**
   * Starts a worker: {@code mail} succeeds, {@code report} fails for good, {@code flaky} fails and
   * is tried again, {@code slow} runs until it is interrupted.
   */
  Samples worker() {
    var _ =
        kanal.worker(
            builder ->
                builder
                    .name(WORKER)
                    .pool(4, 16)
                    .handle("mail", JsonNode.class, (_, mail) -> mail)
                    .handle("report", JsonNode.class, (_, report) -> fail(report, false))
                    .handle("flaky", JsonNode.class, (_, call) -> fail(call, true))
                    .handle(
                        "slow",
                        JsonNode.class,
                        (context, work) -> {
                          context.log("begins with " + work);
                          context.progress(0.4, "page 4 of 10");
                          never.await();
                          return work;
                        }));
    return this;
  }

  private static JsonNode fail(JsonNode given, boolean again) throws JobFailed {
    throw new JobFailed("smtp-refused", "Expected room for " + given + ", but got 552", again);
  }

  /** Jobs in most states, two schedules, and waits until they are so. */
  Samples fill() {
    for (String queue : new String[] {"mail", "reports"}) {
      put("/v1/queues/" + queue, "{\"partitions\":1}");
    }
    put(
        "/v1/schedules/nightly",
        """
        {"cron":"0 2 * * *","zone":"Europe/Paris","concurrencyPolicy":"forbid",
         "job":{"type":"mail","queue":"mail","payload":{"to":"ada@example.org"}}}""");
    put("/v1/schedules/often", "{\"every\":\"1s\",\"job\":{\"type\":\"mail\",\"payload\":1}}");
    bulk("mail", "mail", 12, ",\"tags\":{\"customer\":\"c-7\"}");
    bulk("report", "reports", 5, "");
    bulk("flaky", "reports", 2, ",\"retry\":{\"backoff\":{\"initial\":\"1h\",\"max\":\"1h\"}}");
    bulk("mail", "mail", 3, ",\"delay\":\"1h\"");
    submit("slow", "{\"pages\":10,\"deep\":{\"er\":[1,true,null]}}");
    await("/v1/jobs?state=DEAD", body -> body.path("items").size() >= 5);
    await("/v1/jobs?state=RUNNING&type=slow", body -> body.path("items").size() >= 1);
    await("/v1/jobs?state=RETRYING", body -> body.path("items").size() >= 2);
    return this;
  }

  /** {@code count} jobs of a type, each with a payload of its own. */
  void bulk(String type, String queue, int count, String more) {
    String lines =
        IntStream.range(0, count)
            .mapToObj(
                i ->
                    "{\"type\":\"%s\",\"queue\":\"%s\",\"payload\":{\"n\":%d}%s}"
                        .formatted(type, queue, i, more))
            .collect(Collectors.joining("\n", "", "\n"));
    send("POST", "/v1/jobs/bulk", lines, "application/x-ndjson");
  }

  String submit(String type, String payload) {
    return submit(type, payload, "");
  }

  /** One job; {@code more} are further fields, each after a comma. */
  String submit(String type, String payload, String more) {
    String body = "{\"type\":\"%s\",\"payload\":%s%s}".formatted(type, payload, more);
    return json(send("POST", "/v1/jobs", body, "application/json")).path("id").asText();
  }

  /** A text as JSON. */
  static String quoted(String text) {
    return JSON.getNodeFactory().textNode(text).toString();
  }

  void put(String path, String body) {
    send("PUT", path, body, "application/json");
  }

  JsonNode get(String path) {
    return json(text(path));
  }

  /** The answer as it came. */
  String text(String path) {
    return send("GET", path, null, "");
  }

  /** A value of the answer as it came, by the names on its way. */
  String piece(String path, String... names) {
    String text = text(path);
    int at = 0;
    for (String name : names) {
      at = text.indexOf("\"" + name + "\":", at) + name.length() + 3;
    }
    try (JsonParser parser = JSON.createParser(text.substring(at))) {
      parser.nextToken();
      parser.skipChildren();
      return text.substring(at, at + (int) parser.currentLocation().getCharOffset());
    } catch (IOException e) {
      throw new AssertionError("Expected JSON, but got " + text, e);
    }
  }

  /** The id of some job that a filter matches. */
  String job(String filter) {
    return await("/v1/jobs?" + filter, body -> !body.path("items").isEmpty())
        .at("/items/0/id")
        .asText();
  }

  /** Asks until the answer is as wanted. */
  JsonNode await(String path, Predicate<JsonNode> wanted) {
    Ticker ticker = Clocks.system().ticker();
    long begun = ticker.nanos();
    JsonNode answer = get(path);
    while (!wanted.test(answer)) {
      if (ticker.nanos() - begun > PATIENCE.toNanos()) {
        throw new AssertionError("Expected another answer of " + path + ", but got " + answer);
      }
      pause();
      answer = get(path);
    }
    return answer;
  }

  private void pause() {
    try {
      if (never.await(PAUSE_MS, TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException("Expected nobody to count down");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private String send(String method, String path, @Nullable String body, String mediaType) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(kanal.url() + path))
            .timeout(PATIENCE)
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (body != null) {
      request.header("Content-Type", mediaType);
    }
    try {
      HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
      if (answer.statusCode() >= 400 && answer.statusCode() != 404 && answer.statusCode() != 503) {
        throw new AssertionError("Expected " + path + " to be taken, but got " + answer.body());
      }
      return answer.body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new AssertionError("Expected JSON, but got " + text, e);
    }
  }
}
