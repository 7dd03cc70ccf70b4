package dev.kanal.scheduler.api.jobs;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kanal.common.channel.SendFailedException;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobKey;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.log.Shards;
import dev.kanal.scheduler.api.ApiNode;
import dev.kanal.scheduler.api.Await;
import dev.kanal.scheduler.engine.query.JobReader.Owner;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Submits with keys; node one owns the even shards, node two the odd ones. */
final class IdempotencyTest {
  private static final String NDJSON = "application/x-ndjson";

  private final ApiNode one = new ApiNode();
  private final ApiNode two = new ApiNode();

  @BeforeEach
  void share() {
    one.shards.owners = shard -> shard % 2 == 0 ? new Owner.Local() : at(two);
    two.shards.owners = shard -> shard % 2 == 1 ? new Owner.Local() : at(one);
  }

  @AfterEach
  void stop() {
    one.close();
    two.close();
  }

  @Test
  void aRepeatGetsTheSameJob_atEitherNode() {
    for (int i = 0; i < 20; i++) {
      String body =
          "{\"type\":\"a\",\"payload\":{\"x\":1,\"y\":2},\"idempotencyKey\":\"k" + i + "\"}";
      String same = "{\"payload\":{\"y\":2,\"x\":1.0},\"type\":\"a\"}";
      HttpResponse<byte[]> first = one.submit(body);
      HttpResponse<byte[]> again = two.submit(body);
      HttpResponse<byte[]> other = submit(one, same, "Idempotency-Key", "\"k" + i + "\"");

      assertEquals(202, first.statusCode());
      assertEquals("", ApiNode.header(first, "Idempotency-Replayed"));
      for (HttpResponse<byte[]> replay : List.of(again, other)) {
        assertEquals(200, replay.statusCode());
        assertEquals("true", ApiNode.header(replay, "Idempotency-Replayed"));
        assertEquals(id(first), id(replay));
        assertEquals(ApiNode.header(first, "Location"), ApiNode.header(replay, "Location"));
      }
    }
    assertEquals(20, one.shards.jobs.size() + two.shards.jobs.size());
    assertTrue(one.shards.jobs.size() > 0 && two.shards.jobs.size() > 0, "both nodes own some");
  }

  @Test
  void anotherBodyIsRefused_andNamesTheJob() {
    String first = id(one.submit("{\"type\":\"a\",\"idempotencyKey\":\"k\"}"));
    for (ApiNode node : List.of(one, two)) {
      HttpResponse<byte[]> other = node.submit("{\"type\":\"b\",\"idempotencyKey\":\"k\"}");
      JsonNode problem = ApiNode.json(other);

      assertEquals(422, other.statusCode());
      assertEquals("urn:kanal:problem:idempotency-mismatch", problem.get("type").asText());
      assertTrue(problem.get("detail").asText().contains(first), problem.toString());
    }
  }

  /**
   * Hazard 8. With another job key the same idempotency key means another job, which lives where
   * that key does: each is decided in one shard.
   */
  @Test
  void anIdempotencyKeyIsUniqueWithinItsQueueAndKey() {
    Set<String> ids = new HashSet<>();
    List<String> scopes =
        List.of("", ",\"key\":\"x\"", ",\"key\":\"y\"", ",\"queue\":\"q\"", ",\"queue\":\"r\"");
    for (String scope : scopes) {
      String body = "{\"type\":\"a\",\"idempotencyKey\":\"k\"" + scope + "}";
      String first = id(one.submit(body));
      assertEquals(first, id(two.submit(body)));
      assertEquals(first, id(one.submit(body)));
      ids.add(first);
    }

    assertEquals(scopes.size(), ids.size());
  }

  @Test
  void jobsOfAKeyLiveTogether_andShowIt() {
    Set<Integer> shards = new HashSet<>();
    for (int i = 0; i < 10; i++) {
      HttpResponse<byte[]> answer =
          one.submit("{\"type\":\"a\",\"key\":\"customer-7\",\"keyLimit\":3}");
      assertEquals("customer-7", ApiNode.json(answer).get("key").asText());
      assertEquals(3, ApiNode.json(answer).get("keyLimit").asInt());
      JobSpec spec = one.shards.job(id(answer)).spec();
      assertEquals(new JobKey("customer-7", 3), spec.key());
      shards.add(JobId.parse(id(answer)).shard());
      assertEquals(shards, Set.of(new Shards(16).ofJob(spec, null).orElseThrow()));
    }
    String longest = "\ud83d\ude00".repeat(JobKey.MAX);
    JsonNode plain = ApiNode.json(one.submit("{\"type\":\"a\",\"key\":\"" + longest + "\"}"));
    assertEquals(1, plain.get("keyLimit").asInt());
  }

  @Test
  void theHeaderIsTheField() {
    String body = "{\"type\":\"a\"}";
    String withField = "{\"type\":\"a\",\"idempotencyKey\":\"a\\\"b\\\\\"}";
    String first = id(submit(one, body, "Idempotency-Key", "\"a\\\"b\\\\\""));

    assertEquals(first, id(submit(one, body, "Idempotency-Key", "a\"b\\")));
    assertEquals(first, id(one.submit(withField)));
    assertEquals(first, id(submit(one, withField, "Idempotency-Key", "a\"b\\")));
    assertNotEquals(first, id(one.submit(body)));
  }

  @Test
  void preferWaitWorksWithReplays() {
    for (ApiNode node : List.of(one, two)) {
      node.shards.finishAtOnce = true;
    }
    String body = "{\"type\":\"a\",\"payload\":7,\"idempotencyKey\":\"k\"}";
    for (ApiNode node : List.of(one, two, one)) {
      HttpResponse<byte[]> answer = submit(node, body, "Prefer", "wait=10");

      assertEquals(200, answer.statusCode());
      assertEquals("wait=10", ApiNode.header(answer, "Preference-Applied"));
      assertEquals("SUCCEEDED", ApiNode.json(answer).get("state").asText());
    }
  }

  @Test
  void whatMayHaveBeenTakenMayBeRepeated() {
    String body = "{\"type\":\"a\",\"idempotencyKey\":\"k\"}";
    for (ApiNode node : List.of(one, two)) {
      node.shards.failFrom = 0;
      node.shards.failure =
          new SendFailedException("late", true, new IllegalStateException("timed out"));
    }
    JsonNode problem = ApiNode.json(one.submit(body));

    assertEquals("urn:kanal:problem:shard-ambiguous", problem.get("type").asText());
    assertTrue(
        problem.get("detail").asText().endsWith("same idempotency key makes no second job"),
        problem.toString());
  }

  @Test
  void aKeyLivesAsLongAsItsJob() {
    String body = "{\"type\":\"a\",\"idempotencyKey\":\"k\"}";
    String first = id(one.submit(body));
    for (ApiNode node : List.of(one, two)) {
      node.shards.jobs.values().forEach(job -> node.shards.engine.forget(job));
    }

    HttpResponse<byte[]> again = two.submit(body);

    assertEquals(202, again.statusCode());
    assertNotEquals(first, id(again));
  }

  @Test
  void ofManyAtOnce_oneMakesTheJob() {
    byte[] body = "{\"type\":\"a\"}".getBytes(StandardCharsets.UTF_8);
    List<CompletableFuture<HttpResponse<byte[]>>> answers = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      ApiNode node = i % 2 == 0 ? one : two;
      answers.add(
          CompletableFuture.supplyAsync(
              () ->
                  node.send(
                      node.posting("/v1/jobs", "application/json", body)
                          .header("Idempotency-Key", "k"))));
    }

    assertEquals(1, answers.stream().map(each -> id(each.join())).distinct().count());
    assertEquals(1, answers.stream().filter(each -> each.join().statusCode() == 202).count());
    assertEquals(1, one.shards.jobs.size() + two.shards.jobs.size());
  }

  @Test
  void bulkLinesAreRepeatable_inTheirOrder() {
    StringBuilder body = new StringBuilder();
    for (int i = 0; i < 600; i++) {
      body.append("{\"type\":\"a\",\"payload\":").append(i % 300).append(",\"idempotencyKey\":\"k");
      body.append(i % 300).append("\"}\n");
    }
    body.append("{\"type\":\"a\"}\nnonsense\n{\"type\":\"b\",\"idempotencyKey\":\"k7\"}\n");

    List<JsonNode> answers = bulk(one, body.toString());
    List<JsonNode> again = bulk(two, body.toString());

    assertEquals(603, answers.size());
    for (int i = 0; i < 600; i++) {
      JsonNode answer = answers.get(i);
      assertEquals(i + 1, answer.get("line").asInt());
      assertEquals(answers.get(i % 300).get("id"), answer.get("id"), answer.toString());
      assertEquals(i >= 300, answer.path("replayed").asBoolean(), answer.toString());
      assertEquals(answer.get("id"), again.get(i).get("id"));
      assertTrue(again.get(i).path("replayed").asBoolean(), again.get(i).toString());
    }
    assertEquals("601 null", summary(answers.get(600)));
    assertEquals("602 urn:kanal:problem:malformed-json", summary(answers.get(601)));
    assertEquals("603 urn:kanal:problem:idempotency-mismatch", summary(answers.get(602)));
    assertEquals(302, one.shards.jobs.size() + two.shards.jobs.size());
  }

  @Test
  void linesOfAKeyArriveInTheirOrder_whoeverAppendsThem() {
    two.shards.submitted = one.shards.submitted;
    CompletableFuture<Void> slow = new CompletableFuture<>();
    one.shards.acknowledge = slow;
    StringBuilder body = new StringBuilder();
    for (int i = 0; i < 500; i++) {
      body.append("{\"type\":\"a\",\"key\":\"").append(i % 8).append("\",\"payload\":").append(i);
      body.append(i > 50 && i % 3 == 0 ? ",\"idempotencyKey\":\"k" + i + "\"}\n" : "}\n");
    }

    CompletableFuture<List<JsonNode>> answers =
        CompletableFuture.supplyAsync(() -> bulk(one, body.toString()));
    Await.steady(() -> one.shards.sending.get() + two.shards.sent.get());
    slow.complete(null);

    assertEquals(500, answers.join().size());
    assertTrue(two.shards.sent.get() > 100, "appended by the other: " + two.shards.sent.get());
    for (int key = 0; key < 8; key++) {
      List<Integer> payloads =
          requireNonNull(one.shards.submitted.get("" + key)).stream()
              .map(Integer::valueOf)
              .toList();
      assertEquals(payloads.stream().sorted().toList(), payloads, "key " + key);
      assertTrue(payloads.size() >= 62, "key " + key + ": " + payloads.size());
    }
  }

  @Test
  void aLineForAnOwnerThatIsAwayIsRefused() {
    two.close();
    StringBuilder body = new StringBuilder();
    for (int i = 0; i < 40; i++) {
      body.append("{\"type\":\"a\",\"idempotencyKey\":\"k").append(i).append("\"}\n");
    }

    List<JsonNode> answers = bulk(one, body.toString());

    long refused =
        answers.stream()
            .filter(each -> each.path("type").asText().endsWith(":shard-unavailable"))
            .count();
    assertTrue(refused > 0 && refused < 40, "refused: " + refused);
    assertEquals(40 - refused, one.shards.jobs.size());
  }

  private static Owner at(ApiNode node) {
    return new Owner.Remote("127.0.0.1", node.port);
  }

  private static String id(HttpResponse<byte[]> answer) {
    JsonNode id = ApiNode.json(answer).get("id");
    assertTrue(id != null, new String(answer.body(), StandardCharsets.UTF_8));
    return id.asText();
  }

  private static String summary(JsonNode line) {
    return line.get("line") + " " + line.path("type").asText(null);
  }

  private static HttpResponse<byte[]> submit(
      ApiNode node, String body, String header, String value) {
    HttpRequest.Builder request =
        node.posting("/v1/jobs", "application/json", body.getBytes(StandardCharsets.UTF_8));
    return node.send(request.header(header, value));
  }

  private static List<JsonNode> bulk(ApiNode node, String body) {
    HttpResponse<byte[]> answer =
        node.send(node.posting("/v1/jobs/bulk", NDJSON, body.getBytes(StandardCharsets.UTF_8)));
    return new String(answer.body(), StandardCharsets.UTF_8).lines().map(ApiNode::parse).toList();
  }
}
