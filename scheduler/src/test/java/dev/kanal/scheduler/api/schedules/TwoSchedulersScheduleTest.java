package dev.kanal.scheduler.api.schedules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kanal.common.clock.Clocks;
import dev.kanal.common.config.KafkaConfig;
import dev.kanal.common.config.Role;
import dev.kanal.common.config.Settings;
import dev.kanal.common.config.Sources;
import dev.kanal.embedded.EmbeddedKafka;
import dev.kanal.embedded.junit.EmbeddedCluster;
import dev.kanal.scheduler.Scheduler;
import dev.kanal.scheduler.SchedulerConfig;
import dev.kanal.scheduler.api.ApiNode;
import dev.kanal.scheduler.api.Await;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two schedulers on a real broker, no worker: jobs stay where the schedules put them. */
@EmbeddedCluster
@Timeout(180)
final class TwoSchedulersScheduleTest {
  private static final int SCHEDULES = 6;
  private static final String EACH_SECOND =
      "{\"every\":\"1s\",\"job\":{\"type\":\"echo\"},\"misfire\":{\"policy\":\"fireAll\"}}";

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final List<Scheduler> nodes = new ArrayList<>();

  TwoSchedulersScheduleTest(EmbeddedKafka kafka, @TempDir Path data) throws Exception {
    String prefix = EmbeddedKafka.uniquePrefix() + "y";
    for (String node : List.of("one", "two")) {
      nodes.add(start(kafka, prefix, data.resolve(node)));
    }
    Await.until(
        "both schedulers own shards",
        () -> nodes.stream().allMatch(node -> node.health().detail().startsWith("2 of 4")));
  }

  private static Scheduler start(EmbeddedKafka kafka, String prefix, Path data) throws Exception {
    Map<String, String> arguments =
        Map.of(
            "kafka.bootstrap", kafka.bootstrapServers(),
            "topics.prefix", prefix,
            "http.port", "0",
            "engine.shards", "4",
            "engine.standbys", "0");
    Settings settings =
        Settings.resolve(Role.SCHEDULER, new Sources(Map.of(), Map.of(), arguments));
    return Scheduler.start(
        SchedulerConfig.from(settings, KafkaConfig.from(settings), data), Clocks.system());
  }

  @AfterEach
  void stop() {
    nodes.forEach(Scheduler::close);
    client.close();
  }

  /** Hazard 8. The parts of a schedule live in several shards, and a node leaves in the middle. */
  @Test
  void eachTickMakesOneJob_whileShardsMove() {
    for (int i = 0; i < SCHEDULES; i++) {
      assertEquals(201, put(i % 2, name(i)).statusCode());
      assertEquals(200, put(1 - i % 2, name(i)).statusCode());
    }
    Await.until("ticks on both nodes", () -> runs().stream().allMatch(runs -> runs.size() >= 3));

    nodes.removeFirst().close();
    Await.until(
        "the other scheduler owns all shards",
        () -> nodes.getFirst().health().detail().startsWith("4 of 4"));
    Await.until("the queue can be asked about", () -> jobs() > 0);
    int before = jobs();
    Await.until("more ticks", () -> jobs() >= before + 4 * SCHEDULES);

    int expected = 0;
    Set<String> jobs = new HashSet<>();
    for (int i = 0; i < SCHEDULES; i++) {
      JsonNode schedule = call(200, "POST", 0, name(i) + "/pause", "");
      Instant created = Instant.parse(schedule.get("createdAt").asText());
      Instant last = Instant.parse(schedule.at("/lastRun/tick").asText());
      expected += (int) Duration.between(created, last).toSeconds();
      assertEquals(0, schedule.get("skipped").size(), schedule.toString());
      Instant tick = last;
      for (JsonNode run : call(200, "GET", 0, name(i) + "/runs", "").get("items")) {
        assertEquals(tick, Instant.parse(run.get("tick").asText()));
        assertTrue(jobs.add(run.get("job").asText()), run.toString());
        tick = tick.minusSeconds(1);
      }
    }
    int all = expected;
    Await.until("a job for each of " + all + " ticks", () -> jobs() >= all);
    assertEquals(all, jobs());
  }

  @Test
  void aTriggeredJobIsFoundAtAnyNode() {
    for (int i = 0; i < 8; i++) {
      String name = "/v1/schedules/t" + i;
      String yearly = EACH_SECOND.replace("1s", "300d");
      call(201, "PUT", i % 2, name, yearly);
      JsonNode run = call(202, "POST", 1 - i % 2, name + "/trigger", "");
      String job = "/v1/jobs/" + run.get("job").asText();
      assertEquals("t" + i, call(200, "GET", 0, job, "").at("/schedule/name").asText());
      assertEquals("QUEUED", call(200, "GET", 1, job, "").get("state").asText());
      call(200, "POST", i % 2, job + "/cancel", "");
      Await.until(
          "the schedule hears of the job's end",
          () ->
              call(200, "GET", 0, name + "/runs", "")
                  .at("/items/0/state")
                  .asText()
                  .equals("CANCELLED"));
    }
    assertEquals(8, call(200, "GET", 0, "/v1/schedules", "").get("items").size());
  }

  private List<JsonNode> runs() {
    List<JsonNode> all = new ArrayList<>();
    for (int i = 0; i < SCHEDULES; i++) {
      all.add(call(200, "GET", i % 2, name(i) + "/runs", "").get("items"));
    }
    return all;
  }

  private int jobs() {
    HttpResponse<String> answer = send("GET", 0, "/v1/queues", "");
    return answer.statusCode() == 200 ? ApiNode.parse(answer.body()).at("/items/0/lag").asInt() : 0;
  }

  private HttpResponse<String> put(int node, String name) {
    return send("PUT", node, name, EACH_SECOND);
  }

  private static String name(int schedule) {
    return "/v1/schedules/s" + schedule;
  }

  private JsonNode call(int status, String method, int node, String path, String body) {
    HttpResponse<String> answer = send(method, node, path, body);
    assertEquals(status, answer.statusCode(), answer.body());
    return ApiNode.parse(answer.body());
  }

  private HttpResponse<String> send(String method, int node, String path, String body) {
    URI uri = URI.create("http://127.0.0.1:" + nodes.get(node).port() + path);
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .timeout(Duration.ofSeconds(60))
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body))
            .build();
    return client.sendAsync(request, BodyHandlers.ofString()).join();
  }
}
