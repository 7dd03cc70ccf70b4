package dev.kanal.scheduler.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kanal.scheduler.engine.JobView;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class SubmitTest {
  private static ApiNode node;

  @BeforeAll
  static void start() {
    node = new ApiNode();
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void aJobIsAcceptedAndReadBack() {
    HttpResponse<byte[]> accepted = node.submit("{\"type\":\"echo\",\"payload\":{\"a\" : 1.00}}");

    assertEquals(
        202, accepted.statusCode(), () -> new String(accepted.body(), StandardCharsets.UTF_8));
    JsonNode job = ApiNode.json(accepted);
    assertEquals("QUEUED", job.get("state").asText());
    assertEquals("/v1/jobs/" + job.get("id").asText(), ApiNode.header(accepted, "Location"));
    JobView taken = node.shards.job(job.get("id").asText());
    assertEquals("{\"a\" : 1.00}", taken.spec().payload().toString());

    HttpResponse<byte[]> read = node.get(ApiNode.header(accepted, "Location"));
    assertEquals(200, read.statusCode());
    assertTrue(
        new String(read.body(), StandardCharsets.UTF_8).contains("\"payload\":{\"a\" : 1.00}"));
  }
}
