package dev.kanal.scheduler.api.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kanal.common.channel.SendFailedException;
import dev.kanal.common.context.TraceContext;
import dev.kanal.common.job.Backoff;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Priority;
import dev.kanal.common.job.Retention;
import dev.kanal.common.job.RetryPolicy;
import dev.kanal.common.job.StartTime;
import dev.kanal.scheduler.api.ApiNode;
import dev.kanal.scheduler.api.http.TraceHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class SubmitTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

  private final ApiNode node = new ApiNode();

  @AfterEach
  void stop() {
    node.close();
  }

  @Test
  void payloadIsKeptByteForByte() {
    for (String payload :
        new String[] {
          "{\"a\" : 1.00, \"b\":[ 1,2 ]}",
          "null",
          "1e3",
          "-0.0",
          "\"\\u0000 \\/ \u00fc\"",
          "true",
          "[]"
        }) {
      HttpResponse<byte[]> accepted =
          node.submit(" {\"payload\" :  " + payload + " , \"type\":\"echo\"}");

      assertEquals(202, accepted.statusCode());
      JsonNode job = ApiNode.json(accepted);
      assertEquals("QUEUED", job.get("state").asText());
      assertEquals("/v1/jobs/" + job.get("id").asText(), ApiNode.header(accepted, "Location"));
      JobSpec spec = node.shards.job(job.get("id").asText()).spec();
      assertEquals(payload, spec.payload().toString());
      String read = text(node.get(ApiNode.header(accepted, "Location")));
      assertTrue(read.contains("\"payload\":" + payload + ",\"tags\""), read);
    }
  }

  @Test
  void theLastFieldMayBeThePayload() {
    JsonNode job = ApiNode.json(node.submit("{\"type\":\"a\",\"payload\":12}"));

    assertEquals("12", node.shards.job(job.get("id").asText()).spec().payload().toString());
  }

  @Test
  void everyOptionArrives() {
    HttpResponse<byte[]> accepted =
        node.submit(
            """
            {"type":"mail.welcome","payload":[1],"queue":"mail","priority":"high",
             "runAt":"2030-06-01T02:00:00+02:00","timeout":"PT1M",
             "deadline":"2031-01-01T00:00:00.5Z",
             "retry":{"maxAttempts":3,"backoff":
               {"initial":"2s","multiplier":3.5,"max":"PT1H","jitter":0}},
             "tags":{"z":"1","a":"\u00fc \ud83d\ude00"},
             "retention":{"succeeded":"PT0S","other":"3650d"}}\
            """);

    assertEquals(202, accepted.statusCode(), text(accepted));
    JsonNode job = ApiNode.json(accepted);
    assertEquals("SCHEDULED", job.get("state").asText());
    assertEquals("2030-06-01T00:00:00.000Z", job.get("runAt").asText());
    assertEquals("2031-01-01T00:00:00.500Z", job.get("deadline").asText());
    assertEquals(
        new JobSpec(
            "mail.welcome",
            JsonBytes.of("[1]"),
            "mail",
            Priority.HIGH,
            new StartTime.At(Instant.parse("2030-06-01T00:00:00Z")),
            Duration.ofMinutes(1),
            Instant.parse("2031-01-01T00:00:00.5Z"),
            new RetryPolicy(3, new Backoff(Duration.ofSeconds(2), 3.5, Duration.ofHours(1), 0)),
            Map.of("a", "\u00fc \ud83d\ude00", "z", "1"),
            new Retention(Duration.ZERO, Duration.ofDays(3650)),
            null,
            null,
            null,
            null,
            null),
        node.shards.job(job.get("id").asText()).spec());
  }

  @Test
  void whatIsLeftOutHasItsDefault() {
    JsonNode job = ApiNode.json(node.submit("{\"type\":\"a\"}"));

    assertEquals(JobSpec.of("a", JsonBytes.NULL), node.shards.job(job.get("id").asText()).spec());
    assertEquals("2030-01-01T00:00:00.000Z", job.get("createdAt").asText());
    assertEquals(10, job.get("maxAttempts").asInt());
    assertEquals(0, job.get("attempt").asInt());
  }

  @Test
  void aDelayCountsFromTheLogsTime() {
    JsonNode job = ApiNode.json(node.submit("{\"type\":\"a\",\"delay\":\"90s\"}"));
    JsonNode now = ApiNode.json(node.submit("{\"type\":\"a\",\"delay\":\"0s\"}"));
    JsonNode past =
        ApiNode.json(node.submit("{\"type\":\"a\",\"runAt\":\"2020-01-01T00:00:00Z\"}"));

    assertEquals("SCHEDULED", job.get("state").asText());
    assertEquals("2030-01-01T00:01:30.000Z", job.get("runAt").asText());
    assertEquals("QUEUED", now.get("state").asText());
    assertEquals("QUEUED", past.get("state").asText());
    assertFalse(past.has("runAt"), "a past start means now");
  }

  @Test
  void allMistakesAreListed_upToTwenty() {
    String fields =
        "\"queue\":1,\"priority\":2,\"delay\":3,\"timeout\":4,\"deadline\":5,\"retry\":6,\"tags\":7";
    JsonNode problem = ApiNode.json(node.submit("{" + fields + "}"));
    StringBuilder many = new StringBuilder("{\"type\":\"a\"");
    for (int i = 0; i < 30; i++) {
      many.append(",\"u").append(i).append("\":0");
    }
    JsonNode bounded = ApiNode.json(node.submit(many + "}"));

    assertEquals(8, problem.get("errors").size(), problem.toString());
    assertEquals("Expected a string, but got a number", problem.at("/errors/0/detail").asText());
    assertEquals("/type", problem.at("/errors/7/pointer").asText());
    assertEquals(20, bounded.get("errors").size());
  }

  @Test
  void aBoundIsNamedInTheMessage() {
    JsonNode problem =
        ApiNode.json(node.submit("{\"type\":\"a\",\"retry\":{\"maxAttempts\":1001}}"));

    assertEquals(
        "Expected a whole number from 1 to 1000, but got 1001", problem.get("detail").asText());
  }

  @Test
  void unknownQueueIsRefused() {
    HttpResponse<byte[]> response = node.submit("{\"type\":\"a\",\"queue\":\"unknown-q\"}");

    assertEquals(422, response.statusCode());
    assertEquals("urn:kanal:problem:unknown-queue", ApiNode.json(response).get("type").asText());
    assertEquals("/queue", ApiNode.json(response).at("/errors/0/pointer").asText());
    assertTrue(node.shards.jobs.isEmpty(), "nothing sent");
  }

  @Test
  void aFailedSendIsReported_andAnAmbiguousOneNamesTheJob() {
    node.shards.failFrom = 0;
    node.shards.failure = new SendFailedException("Expected brokers, but there are none");
    HttpResponse<byte[]> away = node.submit("{\"type\":\"a\"}");
    node.shards.failure =
        new SendFailedException("late", true, new IllegalStateException("timed out"));
    HttpResponse<byte[]> ambiguous = node.submit("{\"type\":\"a\"}");
    node.shards.failure = null;
    node.queues.failure = new SendFailedException("Expected brokers, but there are none");
    HttpResponse<byte[]> noQueue = node.submit("{\"type\":\"a\"}");

    assertEquals("503 kafka-unavailable 1", summary(away));
    assertEquals("503 kafka-ambiguous 1", summary(ambiguous));
    assertEquals("503 kafka-unavailable 1", summary(noQueue));
    String detail = ApiNode.json(ambiguous).get("detail").asText();
    assertTrue(detail.matches(".*may exist, with the id [0-9a-f-]{36}"), detail);
  }

  @Test
  void anUnexpectedFailureIsAnsweredWithoutItsInsides() {
    node.queues.failure = new IllegalStateException("secret of the inside");
    HttpResponse<byte[]> response = node.submit("{\"type\":\"a\"}");

    assertEquals("500 internal ", summary(response));
    assertFalse(text(response).contains("secret"), text(response));
  }

  @Test
  void traceHeadersGoAlong_andMalformedOnesAreDropped() {
    TraceContext good =
        traceOf(
            "traceparent", "00-" + TRACE + "-00f067aa0ba902b7-01",
            "tracestate", "a=1",
            "baggage", "k=v");
    TraceContext bad =
        traceOf("traceparent", "00-" + TRACE + "-00f067aa0ba902b7", "tracestate", "a=1");
    TraceContext zero = traceOf("traceparent", "00-" + "0".repeat(32) + "-00f067aa0ba902b7-01");
    TraceContext largest = traceOf("baggage", "k=" + "v".repeat(TraceHeaders.BAGGAGE_MAX - 2));

    assertEquals(new TraceContext("00-" + TRACE + "-00f067aa0ba902b7-01", "a=1", "k=v"), good);
    assertEquals(TraceContext.NONE, bad);
    assertEquals(TraceContext.NONE, zero);
    assertEquals(TraceHeaders.BAGGAGE_MAX, String.valueOf(largest.baggage()).length());
  }

  @Test
  void baggageThatCannotBeCarriedWholeIsRefused() {
    String many = "k=v,".repeat(TraceHeaders.MEMBERS_MAX - 1) + "k=v";
    String large = "k=" + "v".repeat(TraceHeaders.BAGGAGE_MAX - 1);

    assertEquals(many, traceOf("baggage", many).baggage());
    for (String baggage : List.of(large, many + ",k=v")) {
      HttpResponse<byte[]> refused =
          node.send(
              node.posting("/v1/jobs", "application/json", new byte[] {'{', '}'})
                  .header("baggage", baggage));
      assertEquals("431 headers-too-large ", summary(refused));
      assertTrue(text(refused).contains("at most 8192 bytes and 64 members"), text(refused));
    }
  }

  @Test
  void aProblemNamesItsTrace() {
    HttpResponse<byte[]> response =
        node.send(
            node.posting("/v1/jobs", "application/json", new byte[] {'{'})
                .header("traceparent", "00-" + TRACE + "-00f067aa0ba902b7-01"));

    assertEquals(TRACE, ApiNode.json(response).get("traceId").asText());
  }

  private TraceContext traceOf(String... headers) {
    HttpRequest.Builder request =
        node.posting(
                "/v1/jobs", "application/json", "{\"type\":\"a\"}".getBytes(StandardCharsets.UTF_8))
            .headers(headers);
    HttpResponse<byte[]> response = node.send(request);
    return node.shards.job(ApiNode.json(response).get("id").asText()).trace();
  }

  private static String summary(HttpResponse<byte[]> response) {
    String code = ApiNode.json(response).get("type").asText().replace("urn:kanal:problem:", "");
    return response.statusCode() + " " + code + " " + ApiNode.header(response, "Retry-After");
  }

  private static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }
}
