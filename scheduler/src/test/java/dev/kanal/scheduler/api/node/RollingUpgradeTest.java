package dev.kanal.scheduler.api.node;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.bulkaction.BulkActionOrder;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Priority;
import dev.kanal.common.log.Shards;
import dev.kanal.scheduler.api.ApiNode;
import dev.kanal.scheduler.api.Await;
import dev.kanal.scheduler.api.InMemoryShards;
import dev.kanal.scheduler.api.RawHttp;
import dev.kanal.scheduler.engine.query.BulkActionView;
import dev.kanal.scheduler.engine.query.FailureView;
import dev.kanal.scheduler.engine.query.JobReader;
import dev.kanal.scheduler.engine.query.JobReader.Blocked;
import dev.kanal.scheduler.engine.query.JobReader.Owner;
import dev.kanal.scheduler.engine.query.JobReader.QueueCount;
import dev.kanal.scheduler.engine.query.JobReader.Unhandled;
import dev.kanal.scheduler.engine.query.WaitCause;
import dev.kanal.scheduler.stats.Histogram;
import dev.kanal.scheduler.stats.NodeRuns;
import dev.kanal.scheduler.stats.RunTally;
import java.io.IOException;
import java.net.InetAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Nodes of this release and of the one before, together: node one owns the even shards, node two
 * the odd ones.
 */
final class RollingUpgradeTest {
  private static final JobId BULK = JobId.of(0, 1_000, 7);
  private static final JobId JOB = JobId.of(1, 1_000, 8);
  private static final List<String> CALLS =
      List.of(
          "/v1/queues",
          "/v1/queues/mail",
          "/v1/scaling/mail",
          "/v1/stats",
          "/v1/jobs?queue=mail&limit=2",
          "/v1/jobs/" + JOB,
          "/v1/jobs/" + JOB + "?wait=50ms",
          "/v1/jobs/" + JobId.of(1, 1_000, 1),
          "/v1/failures?sort=last",
          "/v1/bulk-actions?limit=3",
          "/v1/bulk-actions/" + BULK,
          "/v1/schedules?limit=1");

  private static final String SHARDS = "\"shards\":[1,3,5,7,9,11,13,15]";
  private static final String COUNTS =
      "{"
          + SHARDS
          + ",\"counts\":[{\"shard\":1,\"queue\":\"mail\",\"states\":{\"QUEUED\":4},"
          + "\"oldest\":1893455997500,\"lanes\":{\"HIGH\":4},\"submitted\":9,\"arrived\":8,"
          + "\"drained\":7,\"blocked\":{\"concurrency\":{\"jobs\":2,\"since\":77}},"
          + "\"unhandled\":{\"a\":{\"jobs\":1,\"atLeast\":true}}}]}";
  private static final String ACTION =
      "{"
          + SHARDS
          + ",\"parts\":{\"1\":{\"action\":\"purge\",\"dryRun\":false,"
          + "\"createdAt\":\"1970-01-01T00:00:01.000Z\",\"state\":\"DONE\",\"matched\":7,"
          + "\"done\":4,\"skipped\":2,\"failed\":1,\"filter\":{\"state\":[\"SCHEDULED\","
          + "\"BLOCKED\",\"QUEUED\",\"RETRYING\"],\"queue\":\"mail\"},"
          + "\"finishedAt\":\"2030-01-01T00:00:00.000Z\"}}}";

  /** What node two answers a node, by the mark and the path of the release before. */
  private static final Map<String, String> DOCUMENTS =
      Map.of(
          "1 /v1/queues",
          COUNTS,
          "use /v1/queues",
          ofShards(
              "{\"shard\":%d,\"applied\":-1,\"unfinished\":{%s}}",
              "\"default\":1", "\"mail\":1", "\"mail\":1", "\"mail\":1", "", "", "", ""),
          "1 /v1/queues/mail",
          ofShards(
              "{\"shard\":%d,\"revision\":0,\"unfinished\":%s}",
              "4", "0", "0", "0", "0", "0", "0", "0"),
          "1 /v1/stats",
          "{\"counts\":"
              + COUNTS
              + ",\"node\":17,\"queues\":{\"mail\":{\"ends\":[1,2,3],\"waits\":[5,1],"
              + "\"runs\":[6,2],\"totals\":[7,3]}}}",
          "1 /v1/jobs?queue=none",
          "{" + SHARDS + ",\"reached\":null,\"items\":[]}",
          "1 /v1/failures",
          "{"
              + SHARDS
              + ",\"groups\":[{\"failure\":\"00000000000000aa\",\"queue\":\"mail\","
              + "\"type\":\"http\",\"error\":{\"type\":\"http-500\",\"message\":\"Expected #\"},"
              + "\"count\":4,\"firstSeen\":\"2030-01-01T00:00:00.000Z\","
              + "\"lastSeen\":\"2030-01-01T00:00:04.000Z\","
              + "\"jobs\":[\"00000000-0001-7004-8000-000000000004\"]}],\"cut\":null}",
          "1 /v1/bulk-actions?limit=1",
          "{" + SHARDS + ",\"actions\":{\"" + BULK + "\":" + ACTION + "}}",
          "1 /v1/bulk-actions/" + BULK,
          ACTION,
          "1 /v1/schedules",
          "{" + SHARDS + ",\"items\":[]}");

  private final ApiNode one = new ApiNode();
  private final ApiNode two = new ApiNode();
  private final OldNode old = new OldNode(two);

  @BeforeEach
  void fill() {
    two.shards.owners = shard -> shard % 2 == 1 ? new Owner.Local() : at(one.port);
    for (ApiNode node : List.of(one, two)) {
      int odd = node == one ? 0 : 1;
      node.shards.informed.add(node == one ? two.queues.known : one.queues.known);
      node.shards.counts = CompletableFuture.completedFuture(List.of(count(odd, "mail")));
      node.shards.failures = List.of(group(3 + odd));
      node.shards.bulks.put(BULK, List.of(part(odd)));
      for (int i = 0; i < 3; i++) {
        node.shards.put(
            JobId.of(odd + 2 + 2 * i, 2_000 + i, odd),
            JobSpec.of("a", JsonBytes.NULL).withQueue("mail"));
      }
    }
    two.shards.put(JOB);
  }

  @AfterEach
  void stop() {
    old.close();
    one.close();
    two.close();
  }

  @Test
  void aNewNodeAsksAnOldOneAsBefore() {
    own(two.port);
    one.put("/v1/schedules/a", "{\"every\":\"5m\",\"job\":{\"type\":\"echo\"}}");
    one.put("/v1/schedules/b", "{\"every\":\"5m\",\"job\":{\"type\":\"echo\"}}");
    Map<String, String> amongNew = answers(one);

    own(old.port());

    assertEquals(amongNew, answers(one));
    assertTrue(
        requireNonNull(amongNew.get("/v1/queues")).contains("\"lag\":8,"), amongNew.toString());
    Await.until("the counts of all nodes", () -> old.asked.contains("1 /v1/stats"));
    assertEquals(
        Set.of(
            "1 /v1/queues",
            "1 /v1/stats",
            "1 /v1/jobs?queue=mail&limit=2",
            "1 /v1/jobs/" + JOB,
            "1 /v1/jobs/" + JOB + "?wait",
            "1 /v1/jobs/" + JobId.of(1, 1_000, 1),
            "1 /v1/failures?sort=last",
            "1 /v1/bulk-actions?limit=4",
            "1 /v1/bulk-actions/" + BULK,
            "1 /v1/schedules?limit=1"),
        old.asked.stream()
            .map(asked -> asked.replaceAll("wait=.*", "wait"))
            .collect(Collectors.toSet()));
  }

  @Test
  void anOldNodesShareOfAQueueCounts() {
    String full = queueAt(0);
    own(old.port());
    assertEquals(200, one.put("/v1/queues/" + full, "{\"capacity\":2}").statusCode());
    for (int i = 0; i < 2; i++) {
      two.shards.put(JobId.of(1, 3_000, i), JobSpec.of("a", JsonBytes.NULL).withQueue(full));
    }
    two.shards.counts = CompletableFuture.completedFuture(List.of(count(1, full)));

    assertEquals(429, one.submit("{\"type\":\"a\",\"queue\":\"" + full + "\"}").statusCode());
    assertEquals(409, one.delete("/v1/queues/" + full).statusCode());
    assertTrue(old.asked.containsAll(List.of("use /v1/queues", "1 /v1/queues/" + full)));
  }

  /** The documents are what nodes of the release before read. */
  @Test
  void anOldNodeGetsTheAnswersThatItKnows() {
    two.shards.runs =
        new NodeRuns(
            17,
            Map.of(
                "mail",
                new RunTally(
                    new RunTally.Ends(1, 2, 3),
                    Histogram.of(5, 1),
                    Histogram.of(6, 2),
                    Histogram.of(7, 3))));
    DOCUMENTS.forEach(
        (question, document) -> {
          String[] markAndPath = question.split(" ", 2);
          HttpResponse<byte[]> answer =
              two.send(two.request(markAndPath[1]).header("Kanal-Forwarded", markAndPath[0]));
          assertEquals(document, text(answer), question);
          String path = markAndPath[0].equals("use") ? "/v1/queue-uses" : markAndPath[1];
          assertEquals(document, text(two.get("/internal" + path)), question);
        });
    HttpResponse<byte[]> job =
        two.send(two.request("/v1/jobs/" + JOB).header("Kanal-Forwarded", "1"));
    assertEquals("false", ApiNode.header(job, "Kanal-Final"));
    assertEquals(ApiNode.header(two.get("/v1/jobs/" + JOB), "ETag"), ApiNode.header(job, "ETag"));
  }

  @Test
  void noClientGetsANodesAnswer_whateverHeaderItSends() throws IOException {
    own(two.port);
    for (String call : CALLS) {
      RawHttp.Reply plain = ask(call, "Accept: */*");

      assertEquals(plain, ask(call, "Kanal-Forwarded: 1"), call);
      assertEquals(plain, ask(call, "Kanal-Forwarded: use"), call);
      assertEquals("", plain.header("Kanal-Final"), call);
    }
  }

  private static String ofShards(String each, String... values) {
    return IntStream.range(0, values.length)
        .mapToObj(i -> String.format(each, 2 * i + 1, values[i]))
        .collect(Collectors.joining(",", "[", "]"));
  }

  /** Asks node one from an address that no node has. */
  private RawHttp.Reply ask(String path, String header) throws IOException {
    try (RawHttp http = new RawHttp(one.uri("/"), InetAddress.getByName("127.0.0.2"))) {
      http.sendHead("GET " + path, header);
      return http.read();
    }
  }

  private void own(int otherPort) {
    one.shards.owners = shard -> shard % 2 == 0 ? new Owner.Local() : at(otherPort);
  }

  private static Map<String, String> answers(ApiNode node) {
    Map<String, String> answers = new TreeMap<>();
    for (String call : CALLS) {
      HttpResponse<byte[]> answer = node.get(call);
      answers.put(
          call, answer.statusCode() + " " + ApiNode.header(answer, "ETag") + " " + text(answer));
    }
    return answers;
  }

  private static String text(HttpResponse<byte[]> answer) {
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  /** A queue whose settings node one or node two decides. */
  private static String queueAt(int odd) {
    Shards shards = new Shards(InMemoryShards.SHARDS);
    return Stream.iterate(0, i -> i + 1)
        .map(i -> "q" + i)
        .filter(queue -> shards.ofQueue(queue) % 2 == odd)
        .findFirst()
        .orElseThrow();
  }

  private static Owner at(int port) {
    return new Owner.Remote("127.0.0.1", port);
  }

  private static QueueCount count(int shard, String queue) {
    return new QueueCount(
        shard,
        queue,
        Map.of(JobState.QUEUED, 4L),
        InMemoryShards.LOG_TIME.minusMillis(2_500).toEpochMilli(),
        Map.of(Priority.HIGH, 4L),
        new JobReader.Flow(9, 8, 7),
        Map.of(WaitCause.CONCURRENCY, new Blocked(2, 77)),
        Map.of("a", new Unhandled(1, true)));
  }

  private static FailureView.Group group(int count) {
    return new FailureView.Group(
        "00000000000000aa",
        "mail",
        "http",
        "http-500",
        "Expected #",
        count,
        InMemoryShards.LOG_TIME,
        InMemoryShards.LOG_TIME.plusSeconds(count),
        List.of(JobId.of(count, 1, count)));
  }

  private static BulkActionView.Part part(int shard) {
    return new BulkActionView.Part(
        shard,
        BulkActionOrder.purge("mail"),
        BULK.createdAt(),
        BulkActionView.State.DONE,
        7,
        4,
        2,
        1,
        InMemoryShards.LOG_TIME);
  }
}
