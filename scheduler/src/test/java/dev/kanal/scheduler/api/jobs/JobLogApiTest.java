package dev.kanal.scheduler.api.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.scheduler.api.ApiNode;
import dev.kanal.scheduler.engine.query.JobLog;
import dev.kanal.scheduler.engine.query.JobReader.Owner;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JobLogApiTest {
  private static final Instant AT = Instant.parse("2030-01-01T00:00:00.125Z");
  private static final JobId JOB = JobId.of(3, 1_000, 1);
  private static final String PATH = "/v1/jobs/" + JOB + "/logs";

  private final ApiNode node = new ApiNode();

  @AfterEach
  void stop() {
    node.close();
  }

  @Test
  void linesAreShown_oldestFirst() {
    logged();
    JsonNode log = ApiNode.json(node.get(PATH));
    assertEquals(7, log.get("omitted").asLong());
    assertEquals(
        "{\"number\":8,\"at\":\"2030-01-01T00:00:00.125Z\",\"attempt\":1,\"line\":\"begun\"}",
        log.get("items").get(0).toString());
    assertEquals(2, log.get("items").size());
  }

  @Test
  void onlyLinesBehindAfterAreShown() {
    logged();
    JsonNode items = ApiNode.json(node.get(PATH + "?after=8")).get("items");
    assertEquals(1, items.size());
    assertEquals("done", items.get(0).get("line").asText());
    assertEquals(0, ApiNode.json(node.get(PATH + "?after=9")).get("items").size());
  }

  @Test
  void aJobThatSaidNothingHasAnEmptyLog() {
    node.shards.put(JOB);
    assertEquals("{\"items\":[],\"omitted\":0}", ApiNode.json(node.get(PATH)).toString());
  }

  @Test
  void aJobThatThereIsNotHasNoLog() {
    assertEquals(404, node.get(PATH).statusCode());
    assertEquals(404, node.get("/v1/jobs/seven/logs").statusCode());
    assertEquals(404, node.get("/v1/jobs/" + JobId.of(4_000, 1, 1) + "/logs").statusCode());
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "-1", "1.5", "", "1234567890123456789"})
  void afterMustBeANumber(String after) {
    node.shards.put(JOB);
    assertEquals(400, node.get(PATH + "?after=" + after).statusCode());
  }

  @Test
  void theOwnerIsAsked() {
    ApiNode owner = new ApiNode();
    try {
      node.shards.owners = _ -> new Owner.Remote("127.0.0.1", owner.port);
      owner.shards.put(JOB);
      owner.shards.logs.put(JOB, log());
      HttpResponse<byte[]> answer = node.get(PATH + "?after=8");
      assertEquals(200, answer.statusCode());
      assertEquals(1, ApiNode.json(answer).get("items").size());
      node.shards.owners = _ -> new Owner.Unknown();
      assertEquals(503, node.get(PATH).statusCode());
    } finally {
      owner.close();
    }
  }

  @Test
  void aChildNamesItsParent() {
    JobId child = JobId.of(4, 1_000, 2);
    node.shards.put(child, JobSpec.of("a", JsonBytes.NULL).withParent(JOB));
    node.shards.put(JOB);
    JsonNode job = ApiNode.json(node.get("/v1/jobs/" + child));
    assertEquals(JOB.toString(), job.get("parent").asText());
    JsonNode items = ApiNode.json(node.get("/v1/jobs?parent=" + JOB)).get("items");
    assertEquals(1, items.size());
    assertEquals(child.toString(), items.get(0).get("id").asText());
    assertEquals(JOB.toString(), items.get(0).get("parent").asText());
  }

  private void logged() {
    node.shards.put(JOB);
    node.shards.logs.put(JOB, log());
  }

  private static JobLog log() {
    return new JobLog(
        List.of(new JobLog.Line(8, AT, 1, "begun"), new JobLog.Line(9, AT, 2, "done")), 7);
  }
}
