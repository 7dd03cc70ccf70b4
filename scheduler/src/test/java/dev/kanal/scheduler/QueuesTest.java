package dev.kanal.scheduler;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kanal.common.channel.Topics;
import dev.kanal.common.clock.Clocks;
import dev.kanal.common.control.ControlCodec;
import dev.kanal.common.control.ControlMessage;
import dev.kanal.common.job.Priority;
import dev.kanal.embedded.EmbeddedKafka;
import dev.kanal.embedded.junit.EmbeddedCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Queues on a real broker, with two schedulers. */
@EmbeddedCluster
@Timeout(180)
final class QueuesTest {
  private static final Logger log = LoggerFactory.getLogger(QueuesTest.class);
  private static final Duration EVERYWHERE = Duration.ofSeconds(2);

  @TempDir Path data;

  @Test
  void shouldBeInForceEverywhereWithinTwoSeconds(EmbeddedKafka kafka) throws Exception {
    String prefix = EmbeddedKafka.uniquePrefix() + "q";
    try (Node one = node(kafka, prefix, "one");
        Node two = node(kafka, prefix, "two")) {
      awaitShards(one, two);
      for (int i = 0; i < 5; i++) {
        assertEquals(200, one.put("/v1/queues/q" + i, "{}").status());
      }
      List<Long> times = new ArrayList<>();
      for (int i = 1; i <= 20; i++) {
        Node asked = i % 2 == 0 ? one : two;
        Node other = i % 2 == 0 ? two : one;
        String path = "/v1/queues/q" + i % 5;
        long start = Clocks.system().ticker().nanos();
        Node.Answer put = asked.put(path, "{\"concurrency\":" + i + "}");
        assertEquals(200, put.status(), put.body());
        assertEquals(i, concurrency(asked, path));
        int wanted = i;
        Node.await("the other node knows", () -> concurrency(other, path) == wanted);
        times.add((Clocks.system().ticker().nanos() - start) / 1_000_000);
      }
      times.sort(null);
      log.info("A change was in force everywhere after {} ms", times);
      assertTrue(times.getLast() < EVERYWHERE.toMillis(), "milliseconds: " + times);
    }
  }

  @Test
  void shouldKnowItsQueuesAfterARestart(EmbeddedKafka kafka) throws Exception {
    String prefix = EmbeddedKafka.uniquePrefix() + "q";
    String queue;
    try (Node node = node(kafka, prefix, "one")) {
      awaitShards(node);
      node.put("/v1/queues/mail", "{\"rate\":{\"permits\":7,\"per\":\"1m\"}}");
      node.put("/v1/queues/gone", "{}");
      assertEquals(204, node.delete("/v1/queues/gone").status());
      queue = settings(node);
    }
    try (Node node = node(kafka, prefix, "one")) {
      awaitShards(node);
      assertEquals(queue, settings(node));
      assertEquals(404, node.get("/v1/queues/gone").status());
    }
  }

  /** A node says nothing of workers before it has read of all. */
  private static String settings(Node node) throws Exception {
    return ((ObjectNode) node.get("/v1/queues/mail").json())
        .without(List.of("workers", "noWorker"))
        .toString();
  }

  /** Workers look at all topics of Kafka each time. */
  @Test
  void shouldSayOnceThatATopicWasMade(EmbeddedKafka kafka) throws Exception {
    String prefix = EmbeddedKafka.uniquePrefix() + "q";
    try (Node node = node(kafka, prefix, "one")) {
      awaitShards(node);
      for (String queue : List.of("mail", "mail", "other", "mail", "last")) {
        submit(node, queue, "\"delay\":\"1h\"");
      }
      submit(node, "mail", "\"priority\":\"high\"");
      submit(node, "end", "\"delay\":\"1h\"");

      assertEquals(List.of("mail", "other", "last", "mail", "end"), made(kafka, prefix, "end"));
    }
  }

  /** The queues of which it was said that there is a topic, in order, up to this one. */
  private static List<String> made(EmbeddedKafka kafka, String prefix, String last) {
    List<String> made = new ArrayList<>();
    Map<String, Object> config = Map.of("bootstrap.servers", kafka.bootstrapServers());
    var bytes = new ByteArrayDeserializer();
    try (var consumer = new KafkaConsumer<byte[], byte[]>(config, bytes, bytes)) {
      List<TopicPartition> control = List.of(new TopicPartition(new Topics(prefix).control(), 0));
      consumer.assign(control);
      consumer.seekToBeginning(control);
      Node.await(
          "it is said of " + last,
          () -> {
            consumer
                .poll(Duration.ofMillis(100))
                .forEach(
                    each -> {
                      if (ControlCodec.decode(each.value())
                          instanceof ControlMessage.QueueMade(String queue)) {
                        made.add(queue);
                      }
                    });
            return made.contains(last);
          });
    }
    return made;
  }

  @Test
  void shouldGrowTheTopicsOfAllPriorities(EmbeddedKafka kafka) throws Exception {
    String prefix = EmbeddedKafka.uniquePrefix() + "q";
    try (Node node = node(kafka, prefix, "one");
        Admin admin = admin(kafka)) {
      awaitShards(node);
      node.post("/v1/jobs", "{\"type\":\"a\",\"queue\":\"mail\"}");
      node.post("/v1/jobs", "{\"type\":\"a\",\"queue\":\"mail\",\"priority\":\"high\"}");
      assertEquals(2, topic(admin, prefix, "mail", Priority.HIGH).partitions().size());

      assertEquals(200, node.put("/v1/queues/mail", "{\"partitions\":5}").status());
      assertEquals(422, node.put("/v1/queues/mail", "{\"partitions\":4}").status());
      node.post("/v1/jobs", "{\"type\":\"a\",\"queue\":\"mail\",\"priority\":\"low\"}");

      for (Priority priority : Priority.values()) {
        assertEquals(5, topic(admin, prefix, "mail", priority).partitions().size());
      }
      assertEquals(5, node.get("/v1/queues/mail").json().get("partitions").asInt());
    }
  }

  /** Hazard 1a. */
  @Test
  void shouldDeleteAQueue_andHarmNoOther_andMakeItAnewOnUse(EmbeddedKafka kafka) throws Exception {
    String prefix = EmbeddedKafka.uniquePrefix() + "q";
    try (Node one = node(kafka, prefix, "one");
        Node two = node(kafka, prefix, "two");
        Admin admin = admin(kafka)) {
      awaitShards(one, two);
      String waiting = submit(one, "mail", "\"delay\":\"1h\"");
      submit(two, "other", "\"priority\":\"low\"");
      assertEquals(409, two.delete("/v1/queues/mail").status());
      assertEquals(404, two.delete("/v1/queues/none").status());
      assertEquals(200, one.put("/v1/queues/empty", "{\"strict\":true}").status());
      String before = topic(admin, prefix, "empty", Priority.NORMAL).topicId().toString();

      assertEquals(204, two.delete("/v1/queues/empty").status());

      assertEquals(404, one.get("/v1/queues/empty").status());
      assertEquals(404, two.get("/v1/queues/empty").status());
      assertFalse(names(admin).contains(new Topics(prefix).tasks("empty", Priority.NORMAL)));
      String later = submit(one, "empty", "\"delay\":\"1h\"");
      String after = topic(admin, prefix, "empty", Priority.NORMAL).topicId().toString();
      assertNotEquals(before, after);
      assertFalse(two.get("/v1/queues/empty").json().get("strict").asBoolean());
      for (String job : List.of(waiting, later)) {
        assertEquals("SCHEDULED", two.get("/v1/jobs/" + job).json().get("state").asText());
      }
      submit(one, "other", "\"priority\":\"low\"");
    }
  }

  @Test
  void shouldTakeJobsOnlyForQueuesThatWerePut_whenTheyAreNotMadeOnUse(EmbeddedKafka kafka)
      throws Exception {
    String prefix = EmbeddedKafka.uniquePrefix() + "q";
    String job = "{\"type\":\"a\",\"queue\":\"mail\",\"priority\":\"high\",\"delay\":\"1h\"}";
    try (Node node = Node.start(kafka.bootstrapServers(), prefix, data.resolve("one"), false)) {
      awaitShards(node);
      assertEquals("unknown-queue", node.post("/v1/jobs", job).type());
      node.put("/v1/queues/mail", "{}");
      assertEquals(202, node.post("/v1/jobs", job).status());
      node.put("/v1/queues/spare", "{}");
      assertEquals(204, node.delete("/v1/queues/spare").status());
      assertEquals("unknown-queue", node.post("/v1/jobs", job.replace("mail", "spare")).type());
    }
  }

  @Test
  void shouldMakeADeletedQueueAnew_whenItsScheduleIsTriggered(EmbeddedKafka kafka)
      throws Exception {
    String prefix = EmbeddedKafka.uniquePrefix() + "q";
    try (Node one = node(kafka, prefix, "one");
        Node two = node(kafka, prefix, "two")) {
      awaitShards(one, two);
      schedule(one, "mail");
      assertEquals(200, two.put("/v1/queues/mail", "{}").status());
      assertEquals(204, one.delete("/v1/queues/mail").status());

      String job = trigger(two);

      Node.await("the queue is there again", () -> "QUEUED".equals(state(one, job)));
      assertEquals(200, two.get("/v1/queues/mail").status());
    }
  }

  @Test
  void shouldEndATriggeredJob_whenItsQueueIsGoneAndQueuesAreNotMadeOnUse(EmbeddedKafka kafka)
      throws Exception {
    String prefix = EmbeddedKafka.uniquePrefix() + "q";
    try (Node node = Node.start(kafka.bootstrapServers(), prefix, data.resolve("one"), false)) {
      awaitShards(node);
      assertEquals(200, node.put("/v1/queues/mail", "{}").status());
      schedule(node, "mail");
      assertEquals(204, node.delete("/v1/queues/mail").status());

      String job = trigger(node);

      JsonNode ended = node.get("/v1/jobs/" + job + "?wait=30s").json();
      assertEquals("DEAD queue-deleted", text(ended, "state") + " " + text(ended, "reason"));
      assertEquals(404, node.get("/v1/queues/mail").status());
    }
  }

  private static void schedule(Node node, String queue) throws Exception {
    String job = "{\"type\":\"a\",\"queue\":\"" + queue + "\"}";
    Node.Answer put = node.put("/v1/schedules/s", "{\"every\":\"1h\",\"job\":" + job + "}");
    assertTrue(put.status() / 100 == 2, put.body());
  }

  private static String trigger(Node node) throws Exception {
    Node.Answer triggered = node.post("/v1/schedules/s/trigger", "");
    assertEquals(202, triggered.status(), triggered.body());
    return triggered.json().get("job").asText();
  }

  private static String state(Node node, String job) {
    try {
      return text(node.sendOrThrow(node.request("/v1/jobs/" + job)).json(), "state");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void shouldPurgeWhatWaits_andNothingElse(EmbeddedKafka kafka) throws Exception {
    String prefix = EmbeddedKafka.uniquePrefix() + "q";
    try (Node one = node(kafka, prefix, "one")) {
      awaitShards(one);
      List<String> waiting =
          List.of(
              submit(one, "mail", "\"delay\":\"1h\""),
              submit(one, "mail", "\"key\":\"k\""),
              submit(one, "mail", "\"key\":\"k\""));
      String other = submit(one, "other", "\"delay\":\"1h\"");

      Node.Answer purge = one.post("/v1/queues/mail/purge", "");

      assertEquals(202, purge.status(), purge.body());
      assertEquals("purge", purge.json().get("action").asText());
      for (String job : waiting) {
        JsonNode ended = one.get("/v1/jobs/" + job + "?wait=30s").json();
        assertEquals("CANCELLED purged", text(ended, "state") + " " + text(ended, "reason"));
      }
      assertEquals("SCHEDULED", text(one.get("/v1/jobs/" + other).json(), "state"));
      assertEquals(204, one.delete("/v1/queues/mail").status());
    }
  }

  private static String text(JsonNode json, String field) {
    return json.path(field).asText();
  }

  @Test
  void shouldKeepToItsCapacity_softly(EmbeddedKafka kafka) throws Exception {
    String prefix = EmbeddedKafka.uniquePrefix() + "q";
    try (Node one = node(kafka, prefix, "one");
        Node two = node(kafka, prefix, "two")) {
      awaitShards(one, two);
      assertEquals(200, one.put("/v1/queues/full", "{\"capacity\":200}").status());
      assertEquals(200, one.put("/v1/queues/paced", "{\"capacity\":600}").status());

      int full = bulks("full", 400, one, two);
      int paced = paced("paced", 500, one, two);

      log.info(
          "Beyond a capacity of 200 at full speed: {}, of 600 at 400/s: {}",
          full - 200,
          paced - 600);
      assertTrue(full >= 200 && full <= 2 * 200, "taken: " + full);
      assertTrue(paced >= 600 && paced <= 2 * 600, "taken: " + paced);
      for (Node node : List.of(one, two)) {
        Node.Answer refused = node.post("/v1/jobs", "{\"type\":\"a\",\"queue\":\"full\"}");
        assertEquals("queue-full", refused.type());
        assertEquals(202, node.post("/v1/jobs", "{\"type\":\"a\"}").status());
      }
      assertEquals(200, two.put("/v1/queues/full", "{\"capacity\":1000}").status());
      assertEquals(202, two.post("/v1/jobs", "{\"type\":\"a\",\"queue\":\"full\"}").status());
    }
  }

  /** How many of that many lines each are taken, sent to all nodes at the same time. */
  private static int bulks(String queue, int each, Node... nodes) {
    String lines = ("{\"type\":\"a\",\"queue\":\"" + queue + "\"}\n").repeat(each);
    List<CompletableFuture<Integer>> taken = new ArrayList<>();
    for (Node node : nodes) {
      taken.add(
          CompletableFuture.supplyAsync(
              () -> {
                var bulk =
                    node.request("/v1/jobs/bulk")
                        .header("Content-Type", "application/x-ndjson")
                        .POST(BodyPublishers.ofString(lines));
                return taken(node.sendOrThrow(bulk).body());
              }));
    }
    return taken.stream().mapToInt(CompletableFuture::join).sum();
  }

  /** The same, two lines every 10 ms to each node. */
  private static int paced(String queue, int each, Node... nodes) {
    long start = Clocks.system().ticker().nanos();
    List<CompletableFuture<Integer>> taken = new ArrayList<>();
    for (int i = 0; i < each / 2; i++) {
      long at = start + Duration.ofMillis(10L * i).toNanos();
      LockSupport.parkNanos(at - Clocks.system().ticker().nanos());
      for (Node node : nodes) {
        taken.add(CompletableFuture.supplyAsync(() -> bulks(queue, 2, node)));
      }
    }
    return taken.stream().mapToInt(CompletableFuture::join).sum();
  }

  private static int taken(String answers) {
    return (int) answers.lines().filter(line -> line.contains("\"id\":")).count();
  }

  private Node node(EmbeddedKafka kafka, String prefix, String name) throws Exception {
    return Node.start(kafka.bootstrapServers(), prefix, data.resolve(name), true);
  }

  private static void awaitShards(Node... nodes) {
    Node.await(
        "all shards are taken",
        () -> {
          int shards = 0;
          for (Node node : nodes) {
            shards += node.shards();
          }
          return shards == Node.SHARDS && List.of(nodes).stream().allMatch(n -> n.shards() > 0);
        });
  }

  private static String submit(Node node, String queue, String more) throws Exception {
    Node.Answer answer =
        node.post("/v1/jobs", "{\"type\":\"a\",\"queue\":\"" + queue + "\"," + more + "}");
    assertEquals(202, answer.status(), answer.body());
    return answer.json().get("id").asText();
  }

  private static int concurrency(Node node, String path) {
    try {
      return node.sendOrThrow(node.request(path)).json().path("concurrency").asInt();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Admin admin(EmbeddedKafka kafka) {
    return Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
  }

  private static Set<String> names(Admin admin) throws Exception {
    return admin.listTopics().names().get(20, TimeUnit.SECONDS);
  }

  private static TopicDescription topic(Admin admin, String prefix, String queue, Priority priority)
      throws Exception {
    String name = new Topics(prefix).tasks(queue, priority);
    return requireNonNull(
        admin.describeTopics(List.of(name)).allTopicNames().get(20, TimeUnit.SECONDS).get(name));
  }
}
