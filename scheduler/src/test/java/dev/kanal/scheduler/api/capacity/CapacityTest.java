package dev.kanal.scheduler.api.capacity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kanal.common.channel.SendFailedException;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.scheduler.api.ApiNode;
import dev.kanal.scheduler.api.Await;
import dev.kanal.scheduler.engine.query.JobReader.Owner;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A queue takes as many unfinished jobs as its capacity says. */
final class CapacityTest {
  private static final String JOB = "{\"type\":\"a\",\"queue\":\"mail\"}";
  private static final int CAPACITY = 10;

  private final ApiNode node = new ApiNode();

  @BeforeEach
  void put() {
    capacity(CAPACITY);
  }

  @AfterEach
  void stop() {
    node.close();
  }

  @Test
  void aFullQueueRefuses_andOthersDoNot() {
    List<String> jobs = fill();

    HttpResponse<byte[]> full = node.submit(JOB);

    assertEquals(429, full.statusCode());
    assertEquals("urn:kanal:problem:queue-full", ApiNode.json(full).get("type").asText());
    assertEquals("1", ApiNode.header(full, "Retry-After"));
    assertEquals(202, node.submit("{\"type\":\"a\"}").statusCode());
    finish(jobs.getFirst());
    Await.until("there is a place", () -> node.submit(JOB).statusCode() == 202);
    assertEquals(429, node.submit(JOB).statusCode());
  }

  @Test
  void aQueueThatWasLeftAloneForAWhileIsSeenAsItIs() {
    List<String> jobs = fill();
    assertEquals(429, node.submit(JOB).statusCode());

    Await.steady(node.shards.sent::get);
    Await.steady(node.shards.sent::get);
    jobs.forEach(this::finish);

    assertEquals(202, node.submit(JOB).statusCode());
  }

  @Test
  void whatIsFullInAnotherNodesShardsIsFull() {
    fill();
    try (ApiNode other = new ApiNode()) {
      node.shards.informed.add(other.queues.known);
      capacity(CAPACITY);
      other.shards.owners = _ -> new Owner.Remote("127.0.0.1", node.port);

      assertEquals(429, other.submit(JOB).statusCode());
    }
  }

  @Test
  void aNewCapacityCountsAtOnce() {
    fill();
    assertEquals(429, node.submit(JOB).statusCode());

    capacity(CAPACITY + 1);

    assertEquals(202, node.submit(JOB).statusCode());
    assertEquals(429, node.submit(JOB).statusCode());
  }

  @Test
  void whoPrefersToWaitGetsThePlaceThatBecomesFree() {
    List<String> jobs = fill();
    CompletableFuture<HttpResponse<byte[]>> waits =
        CompletableFuture.supplyAsync(() -> node.send(submitting().header("Prefer", "wait=30")));
    Await.steady(node.shards.sent::get);
    assertFalse(waits.isDone());

    finish(jobs.getFirst());
    Await.until("the job is taken", () -> node.shards.jobs.size() == CAPACITY + 1);
    finish(newest(jobs));

    assertEquals(200, waits.join().statusCode());
    assertEquals("wait=30", ApiNode.header(waits.join(), "Preference-Applied"));
  }

  @Test
  void whoPrefersToWaitIsRefused_whenTheTimeIsUp() {
    fill();

    HttpResponse<byte[]> full = node.send(submitting().header("Prefer", "wait=1"));

    assertEquals(429, full.statusCode());
    assertEquals("wait=1", ApiNode.header(full, "Preference-Applied"));
  }

  @Test
  void aRepeatIsNoNewJob() {
    assertEquals(202, node.send(submitting().header("Idempotency-Key", "k")).statusCode());
    while (node.submit(JOB).statusCode() == 202) {
      assertTrue(node.shards.jobs.size() <= CAPACITY, "jobs");
    }

    HttpResponse<byte[]> repeat = node.send(submitting().header("Idempotency-Key", "k"));
    HttpResponse<byte[]> other = node.send(submitting().header("Idempotency-Key", "l"));

    assertEquals(200, repeat.statusCode());
    assertEquals("true", ApiNode.header(repeat, "Idempotency-Replayed"));
    assertEquals(429, other.statusCode());
    assertEquals(CAPACITY, node.shards.jobs.size());
  }

  @Test
  void whatDidNotGetIntoTheLogTakesNoPlace() {
    node.shards.failFrom = 0;
    node.shards.failure = new SendFailedException("Expected brokers, but there are none");
    for (int i = 0; i < 3 * CAPACITY; i++) {
      assertEquals(503, node.submit(JOB).statusCode());
    }

    node.shards.failure = null;

    assertEquals(CAPACITY, fill().size());
  }

  @Test
  void linesBeyondTheCapacityAreRefused_andLinesForOtherQueuesAreNot() {
    StringBuilder body = new StringBuilder();
    IntStream.range(0, 50).forEach(_ -> body.append(JOB).append("\n{\"type\":\"b\"}\n"));

    List<JsonNode> answers = bulk(body.toString(), "");

    for (int i = 0; i < 100; i++) {
      boolean taken = i % 2 == 1 || i < 2 * CAPACITY;
      assertEquals(taken, answers.get(i).has("id"), answers.get(i).toString());
      assertEquals(taken ? 0 : 429, answers.get(i).path("status").asInt());
    }
    assertEquals(50, node.shards.byType("b").size());
  }

  @Test
  void linesWaitForPlaces_ifTheCallPrefersSo() {
    CompletableFuture<List<JsonNode>> answers =
        CompletableFuture.supplyAsync(() -> bulk((JOB + "\n").repeat(40), "wait=30"));

    Await.until("the queue is full", () -> node.shards.jobs.size() == CAPACITY);
    while (!answers.isDone()) {
      node.shards.jobs.values().stream()
          .filter(job -> !job.state().isFinal())
          .forEach(job -> node.shards.finish(job.id(), JsonBytes.NULL));
      Await.steady(node.shards.jobs::size);
      long open = node.shards.jobs.values().stream().filter(job -> !job.state().isFinal()).count();
      assertTrue(open <= CAPACITY, "unfinished: " + open);
    }

    assertEquals(40, answers.join().stream().filter(answer -> answer.has("id")).count());
  }

  private void capacity(int capacity) {
    assertEquals(200, node.put("/v1/queues/mail", "{\"capacity\":" + capacity + "}").statusCode());
  }

  /** Submits one job after the other until there is no place. */
  private List<String> fill() {
    List<String> jobs = new ArrayList<>();
    for (int i = 0; i < CAPACITY; i++) {
      HttpResponse<byte[]> taken = node.submit(JOB);
      assertEquals(202, taken.statusCode());
      jobs.add(ApiNode.json(taken).get("id").asText());
    }
    return jobs;
  }

  private HttpRequest.Builder submitting() {
    return node.posting("/v1/jobs", "application/json", JOB.getBytes(StandardCharsets.UTF_8));
  }

  private void finish(String job) {
    node.shards.finish(JobId.parse(job), JsonBytes.NULL);
  }

  private String newest(List<String> known) {
    return node.shards.jobs.keySet().stream()
        .map(JobId::toString)
        .filter(id -> !known.contains(id))
        .findFirst()
        .orElseThrow();
  }

  private List<JsonNode> bulk(String lines, String prefer) {
    HttpRequest.Builder request =
        node.posting(
            "/v1/jobs/bulk", "application/x-ndjson", lines.getBytes(StandardCharsets.UTF_8));
    HttpResponse<byte[]> answer =
        node.send(prefer.isEmpty() ? request : request.header("Prefer", prefer));
    assertEquals(200, answer.statusCode());
    return new String(answer.body(), StandardCharsets.UTF_8).lines().map(ApiNode::parse).toList();
  }
}
