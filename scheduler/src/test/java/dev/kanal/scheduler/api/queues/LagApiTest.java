package dev.kanal.scheduler.api.queues;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.Priority;
import dev.kanal.scheduler.api.ApiNode;
import dev.kanal.scheduler.api.InMemoryShards;
import dev.kanal.scheduler.engine.query.JobReader.Flow;
import dev.kanal.scheduler.engine.query.JobReader.QueueCount;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class LagApiTest {
  private static final Path SCALED_OBJECT =
      Path.of("..", "infra/k8s/components/keda/scaled-object.yaml");

  private final ApiNode node = new ApiNode();

  @BeforeEach
  void count() {
    node.queues.topics.put("default", 2);
    Map<JobState, Long> states = Map.of(JobState.QUEUED, 7L, JobState.RUNNING, 2L);
    Map<Priority, Long> lanes = Map.of(Priority.HIGH, 3L, Priority.NORMAL, 4L);
    long oldest = InMemoryShards.LOG_TIME.minusSeconds(9).toEpochMilli();
    node.shards.counts =
        CompletableFuture.completedFuture(
            List.of(
                new QueueCount(
                    3,
                    "default",
                    states,
                    oldest,
                    lanes,
                    new Flow(20, 20, 11),
                    Map.of(),
                    Map.of())));
  }

  @AfterEach
  void close() {
    node.close();
  }

  @Test
  void aQueueShowsItsLagByPriorityAndPartition() {
    JsonNode queue = ApiNode.json(node.get("/v1/queues/default"));

    assertEquals(7, queue.get("lag").asInt());
    assertEquals(2, queue.get("inFlight").asInt());
    assertEquals(9, queue.get("oldestAgeSeconds").asInt());
    assertTrue(queue.get("timeToEmptySeconds").isNull());
    JsonNode high = queue.get("lanes").get(0);
    JsonNode normal = queue.get("lanes").get(1);
    assertEquals("high 3", high.get("priority").asText() + " " + high.get("lag").asInt());
    assertEquals("normal 4", normal.get("priority").asText() + " " + normal.get("lag").asInt());
    assertEquals(1, normal.get("partitions").get(1).get("partition").asInt());
    assertEquals(3, normal.get("partitions").get(1).get("groupLag").asInt());
    assertTrue(
        ApiNode.json(node.get("/v1/queues")).at("/items/0/lanes/0/partitions").isMissingNode());
  }

  /** The node's clock stands still: its samples have one time, and so make no points. */
  @Test
  void aSeriesHasColumnsOfEqualLength() {
    JsonNode series = ApiNode.json(node.get("/v1/queues/default/series?step=10s&last=5m"));

    assertEquals("default", series.get("queue").asText());
    for (String column :
        List.of("times", "lag", "inFlight", "oldestAgeSeconds", "arrivalRate", "drainRate")) {
      assertEquals(0, series.get(column).size(), column);
    }
  }

  @Test
  void aSeriesIsRefused_whenItsStepOrItsLengthIsOutOfBounds() {
    assertEquals(400, node.get("/v1/queues/default/series?step=5s").statusCode());
    assertEquals(400, node.get("/v1/queues/default/series?last=16m").statusCode());
    assertEquals(400, node.get("/v1/queues/default/series?step=10s&last=25h").statusCode());
    assertEquals(400, node.get("/v1/queues/default/series?last=soon").statusCode());
    assertEquals(404, node.get("/v1/queues/nowhere/series").statusCode());
    assertEquals(404, node.get("/v1/queues/Not%20a%20name/series").statusCode());
  }

  @Test
  void theTriggerOfTheManifestReadsANumber() throws IOException {
    JsonNode manifest = new YAMLMapper().readTree(Files.readString(SCALED_OBJECT));
    JsonNode trigger = manifest.at("/spec/triggers/0");
    assertEquals("metrics-api", trigger.get("type").asText());
    URI url = URI.create(trigger.at("/metadata/url").asText());
    String location = trigger.at("/metadata/valueLocation").asText();

    JsonNode answer = ApiNode.json(node.get(url.getPath()));
    assertTrue(answer.at("/" + location.replace('.', '/')).isNumber(), answer::toString);
  }

  @Test
  void scalingIsUnknown_whenAShardIs() {
    node.shards.counts =
        CompletableFuture.failedFuture(new IllegalStateException("a shard is on the move"));
    assertEquals(503, node.get("/v1/scaling/default").statusCode());
  }
}
