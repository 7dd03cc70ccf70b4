package dev.kanal.scheduler.api.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobKey;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.scheduler.api.ApiNode;
import dev.kanal.scheduler.api.InMemoryShards;
import dev.kanal.scheduler.engine.query.JobReader.Owner;
import dev.kanal.scheduler.engine.query.Listing;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Lists over two nodes: one owns the even shards, the other the odd ones. */
final class ListJobsTest {
  private final ApiNode one = new ApiNode();
  private final ApiNode two = new ApiNode();

  @BeforeEach
  void share() {
    one.shards.owners = shard -> shard % 2 == 0 ? new Owner.Local() : at(two.port);
    two.shards.owners = shard -> shard % 2 == 1 ? new Owner.Local() : at(one.port);
  }

  @AfterEach
  void stop() {
    one.close();
    two.close();
  }

  @Test
  void everyPageGoesOnWhereTheLastOneEnded_newestFirst_onAnyNode() {
    NavigableSet<JobId> jobs = fill(500);
    for (int lookMax : List.of(1, 3, 5_000)) {
      one.shards.lookMax = lookMax;
      two.shards.lookMax = lookMax + 1;

      assertEquals(newestFirst(jobs), follow("/v1/jobs?limit=7"), "looking at " + lookMax);
    }
  }

  @Test
  void everyConditionCounts() {
    fill(100);
    JobSpec spec = JobSpec.of("mail.send", JsonBytes.of("{\"secret\":1}")).withQueue("mail");
    JobId wanted = JobId.of(3, 5_000, 1);
    two.shards.put(wanted, spec.withTags(Map.of("customer", "c-7", "kind", "a:b")));
    two.shards.put(JobId.of(3, 5_000, 2), spec.withTags(Map.of("customer", "c-7")));
    String all =
        "/v1/jobs?state=QUEUED&state=DEAD&queue=mail&type=mail.send&tag=customer:c-7"
            + "&tag=kind:a:b&createdAfter=2029-12-31T23:59:59Z"
            + "&createdBefore=2030-01-01T00:00:00.001+00:00";

    assertEquals(List.of(wanted), follow(all));
    assertEquals(List.of(), follow(all + "&key=k"));
    assertEquals(List.of(), follow(all + "&schedule=s"));
    assertEquals(List.of(), follow(all + "&parent=" + wanted));
    assertEquals(List.of(), follow(all.replace("state=QUEUED&", "")));
    assertEquals(List.of(), follow(all.replace("29-12-31T23:59:59Z", "30-01-01T00:00:00Z")));
  }

  @Test
  void aTextIsFound_asTheEndOfAnIdATypeAKeyOrTheValueOfATag() {
    fill(100);
    JobSpec spec = JobSpec.of("mail.send", JsonBytes.NULL);
    JobId tagged = JobId.of(3, 5_000, 1);
    two.shards.put(tagged, spec.withTags(Map.of("order", "ORD-2026-4711", "kind", "a b")));
    JobId keyed = JobId.of(4, 5_001, 2);
    one.shards.put(keyed, spec.withKey(new JobKey("ORD-2026-4711", 1)));
    one.shards.put(JobId.of(4, 5_002, 3), spec.withTags(Map.of("order", "ORD-2026-47110")));
    String end = tagged.toString().substring(24);

    assertEquals(List.of(tagged), follow("/v1/jobs?find=" + end));
    assertEquals(List.of(tagged), follow("/v1/jobs?find=" + end.toUpperCase(Locale.ROOT)));
    assertEquals(List.of(keyed, tagged), follow("/v1/jobs?find=ORD-2026-4711"));
    assertEquals(List.of(tagged), follow("/v1/jobs?find=ORD-2026-4711&find=a%20b"));
    assertEquals(3, follow("/v1/jobs?find=mail.send").size());
    assertEquals(List.of(), follow("/v1/jobs?find=order"));
    assertEquals(List.of(), follow("/v1/jobs?find=" + end.substring(9)));
    assertEquals(List.of(), follow("/v1/jobs?find=ORD-2026-4711&queue=other"));
  }

  @Test
  void textsAreBounded_andForListsOnly() {
    String eight =
        IntStream.range(0, 8).mapToObj(i -> "find=" + i).collect(Collectors.joining("&"));

    assertEquals(200, one.get("/v1/jobs?" + eight).statusCode());
    assertEquals(400, one.get("/v1/jobs?" + eight + "&find=8").statusCode());
    assertEquals(200, one.get("/v1/jobs?find=" + "x".repeat(256)).statusCode());
    assertEquals(400, one.get("/v1/jobs?find=" + "x".repeat(257)).statusCode());
    assertEquals(400, one.get("/v1/jobs?find=").statusCode());
    assertEquals(400, one.get("/v1/events?find=x").statusCode());
  }

  @Test
  void itemsLeaveOutPayloadAndResult() {
    JobId job = JobId.of(2, 1, 1);
    one.shards.put(job, JobSpec.of("a", JsonBytes.of("\"secret\"")));
    one.shards.finish(job, JsonBytes.of("\"secret\""));

    for (ApiNode node : List.of(one, two)) {
      String page = ApiNode.json(node.get("/v1/jobs")).toString();

      assertTrue(page.contains("SUCCEEDED"), page);
      assertFalse(page.contains("secret"), page);
    }
  }

  @Test
  void aCursorIsGoodForItsFilterOnly() {
    fill(100);
    String cursor = page(one, "/v1/jobs?limit=3&queue=default").get("nextCursor").asText();

    HttpResponse<byte[]> other = one.get("/v1/jobs?limit=3&cursor=" + cursor);
    HttpResponse<byte[]> same = two.get("/v1/jobs?limit=9&queue=default&cursor=" + cursor);

    assertEquals(400, other.statusCode());
    assertEquals("urn:kanal:problem:malformed-query", ApiNode.json(other).get("type").asText());
    assertEquals(9, ApiNode.json(same).get("items").size());
  }

  /** Hazard 17, listing: short pages are right, silence about a part is not. */
  @Test
  void aListIsNeverSilentlyIncomplete() {
    fill(100);
    two.shards.listing = new Listing.Unavailable("shard 1 is behind");
    HttpResponse<byte[]> behind = one.get("/v1/jobs");
    two.shards.listing = null;
    one.shards.owners = shard -> shard == 9 ? new Owner.Unknown() : new Owner.Local();
    HttpResponse<byte[]> nobody = one.get("/v1/jobs");
    share();
    two.close();
    HttpResponse<byte[]> gone = one.get("/v1/jobs");

    for (HttpResponse<byte[]> each : List.of(behind, nobody, gone)) {
      assertEquals(503, each.statusCode());
      assertEquals("1", ApiNode.header(each, "Retry-After"));
    }
  }

  private NavigableSet<JobId> fill(int count) {
    Random random = new Random(5);
    NavigableSet<JobId> jobs = new TreeSet<>();
    for (int i = 0; i < count; i++) {
      int shard = random.nextInt(InMemoryShards.SHARDS);
      JobId job = JobId.of(shard, 1_000 + random.nextInt(50), random.nextLong());
      (shard % 2 == 0 ? one : two).shards.put(job);
      jobs.add(job);
    }
    return jobs;
  }

  private static List<JobId> newestFirst(NavigableSet<JobId> jobs) {
    return List.copyOf(jobs.descendingSet());
  }

  /** The jobs of all pages, each from the other node than the one before. */
  private List<JobId> follow(String path) {
    List<JobId> found = new ArrayList<>();
    String next = path;
    for (int i = 0; next != null; i++) {
      JsonNode page = page(i % 2 == 0 ? one : two, next);
      page.get("items").forEach(item -> found.add(JobId.parse(item.get("id").asText())));
      JsonNode cursor = page.get("nextCursor");
      next = cursor.isNull() ? null : path + "&cursor=" + cursor.asText();
    }
    return found;
  }

  private static JsonNode page(ApiNode node, String path) {
    HttpResponse<byte[]> response = node.get(path);
    assertEquals(200, response.statusCode(), path);
    return ApiNode.json(response);
  }

  private static Owner at(int port) {
    return new Owner.Remote("127.0.0.1", port);
  }
}
