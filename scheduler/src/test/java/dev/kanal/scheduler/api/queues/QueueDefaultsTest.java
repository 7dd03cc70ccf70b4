package dev.kanal.scheduler.api.queues;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kanal.common.job.Backoff;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.Retention;
import dev.kanal.common.job.RetryPolicy;
import dev.kanal.scheduler.api.ApiNode;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a job gets that its submit does not say. */
final class QueueDefaultsTest {
  private static final String DEFAULTS =
      "{\"defaults\":{\"retry\":{\"maxAttempts\":3,\"backoff\":{\"initial\":\"5s\",\"max\":\"6s\"}},"
          + "\"timeout\":\"20s\",\"retention\":{\"succeeded\":\"1h\",\"other\":\"2h\"}}}";
  private static final Backoff BACKOFF =
      new Backoff(Duration.ofSeconds(5), 2, Duration.ofSeconds(6), 0.2);

  private final ApiNode node = new ApiNode();

  @BeforeEach
  void put() {
    assertEquals(200, node.put("/v1/queues/mail", DEFAULTS).statusCode());
  }

  @AfterEach
  void stop() {
    node.close();
  }

  @Test
  void whatIsLeftOutComesFromTheQueue() {
    JobSpec spec = submit("{\"type\":\"a\",\"queue\":\"mail\"}");

    assertEquals(new RetryPolicy(3, BACKOFF), spec.retry());
    assertEquals(Duration.ofSeconds(20), spec.timeout());
    assertEquals(new Retention(Duration.ofHours(1), Duration.ofHours(2)), spec.retention());
  }

  @Test
  void whatIsSaidCounts_fieldByField() {
    JobSpec spec =
        submit(
            "{\"type\":\"a\",\"retention\":{\"other\":\"3h\"},\"retry\":{\"maxAttempts\":9},"
                + "\"timeout\":\"1s\",\"queue\":\"mail\"}");

    assertEquals(new RetryPolicy(9, BACKOFF), spec.retry());
    assertEquals(Duration.ofSeconds(1), spec.timeout());
    assertEquals(new Retention(Duration.ofHours(1), Duration.ofHours(3)), spec.retention());
  }

  @Test
  void bothTogetherMustMakeSense() {
    HttpResponse<byte[]> refused =
        node.submit(
            "{\"type\":\"a\",\"queue\":\"mail\",\"retry\":{\"backoff\":{\"initial\":\"7s\"}}}");

    assertEquals(422, refused.statusCode());
    assertEquals("/retry/backoff/initial", ApiNode.json(refused).at("/errors/0/pointer").asText());
  }

  @Test
  void linesGetThemToo_andOtherQueuesDoNot() {
    String lines = "{\"type\":\"a\",\"queue\":\"mail\"}\n{\"type\":\"a\",\"queue\":\"other\"}\n";
    HttpResponse<byte[]> bulk =
        node.send(
            node.posting(
                "/v1/jobs/bulk", "application/x-ndjson", lines.getBytes(StandardCharsets.UTF_8)));

    String[] answers = new String(bulk.body(), StandardCharsets.UTF_8).split("\n");
    assertEquals(Duration.ofSeconds(20), spec(ApiNode.parse(answers[0])).timeout());
    assertEquals(RetryPolicy.DEFAULT, spec(ApiNode.parse(answers[1])).retry());
    assertEquals(JobSpec.DEFAULT_TIMEOUT, spec(ApiNode.parse(answers[1])).timeout());
  }

  @Test
  void aJobKeepsWhatItGot() {
    JsonNode job = ApiNode.json(node.submit("{\"type\":\"a\",\"queue\":\"mail\"}"));

    node.put("/v1/queues/mail", "{}");

    assertEquals(Duration.ofSeconds(20), spec(job).timeout());
    assertEquals(JobSpec.DEFAULT_TIMEOUT, submit("{\"type\":\"a\",\"queue\":\"mail\"}").timeout());
  }

  private JobSpec submit(String json) {
    HttpResponse<byte[]> response = node.submit(json);
    assertEquals(202, response.statusCode());
    return spec(ApiNode.json(response));
  }

  private JobSpec spec(JsonNode answer) {
    return node.shards.job(answer.get("id").asText()).spec();
  }
}
