package dev.kanal.scheduler.api.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.scheduler.api.ApiNode;
import dev.kanal.scheduler.api.Await;
import dev.kanal.scheduler.api.InMemoryShards;
import dev.kanal.scheduler.api.node.OldNode;
import dev.kanal.scheduler.engine.query.EventRing;
import dev.kanal.scheduler.engine.query.JobReader.Owner;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Streams over two nodes: one owns the even shards, the other the odd ones. */
@Timeout(60)
final class EventsTest {
  private final ApiNode one = new ApiNode();
  private final ApiNode two = new ApiNode();
  private final List<EventClient> clients = new ArrayList<>();

  @BeforeEach
  void share() {
    one.shards.owners = shard -> shard % 2 == 0 ? new Owner.Local() : at(two.port);
    two.shards.owners = shard -> shard % 2 == 1 ? new Owner.Local() : at(one.port);
  }

  @AfterEach
  void stop() {
    clients.forEach(EventClient::close);
    one.close();
    two.close();
  }

  @Test
  void everyNodeTellsOfAllShards() {
    for (ApiNode node : List.of(one, two)) {
      EventClient client = open(node, "/v1/events", "");
      tell(2, 1, JobState.QUEUED, node == one ? 1 : 11);
      tell(3, 2, JobState.RUNNING, node == one ? 1 : 11);

      assertEquals(Set.of("state 1 QUEUED", "state 2 RUNNING"), next(client, 2));
    }
  }

  @Test
  void aNodeOfTheReleaseBeforeTellsItsPart() {
    try (OldNode old = new OldNode(two)) {
      one.shards.owners = shard -> shard % 2 == 0 ? new Owner.Local() : at(old.port());
      JobId job = JobId.of(3, 1_000, 2);
      two.shards.put(job);
      EventClient all = open(one, "/v1/events?state=RUNNING", "");
      EventClient ofJob = open(one, "/v1/jobs/" + job + "/events", "");
      assertEquals("state 2 QUEUED", ofJob.next().brief());
      tell(2, 1, JobState.RUNNING, 1);
      two.shards.tell(job, JobState.RUNNING, 1);

      assertEquals(Set.of("state 1 RUNNING", "state 2 RUNNING"), next(all, 2));
      assertEquals("state 2 RUNNING", ofJob.next().brief());
      assertEquals(
          List.of("1 /v1/events?state=RUNNING", "1 /v1/jobs/" + job + "/events"),
          old.asked.stream().filter(asked -> asked.contains("events")).toList());
    }
  }

  @Test
  void aFilterHoldsOnAllNodes() {
    EventClient dead = open(one, "/v1/events?state=DEAD&state=EXPIRED&queue=default&type=a", "");
    EventClient other = open(one, "/v1/events?queue=other", "");
    for (int shard = 0; shard < 4; shard++) {
      tell(shard, 1, JobState.QUEUED, 1);
      tell(shard, 2, JobState.DEAD, 2);
    }

    for (int i = 0; i < 4; i++) {
      assertEquals("state 2 DEAD", dead.next().brief());
    }
    assertFalse(dead.hasNext() || other.hasNext());
  }

  @Test
  void aClientGoesOnAfterItsLastEvent_atAnyNode() {
    EventClient client = open(one, "/v1/events", "");
    tell(2, 1, JobState.QUEUED, 1);
    tell(3, 2, JobState.QUEUED, 1);
    client.next();
    String last = client.next().id();
    client.close();
    tell(2, 3, JobState.QUEUED, 2);
    tell(3, 4, JobState.QUEUED, 2);
    tell(5, 5, JobState.QUEUED, 1);

    for (ApiNode node : List.of(one, two)) {
      EventClient again = open(node, "/v1/events", last);
      assertEquals(Set.of("state 3 QUEUED", "state 4 QUEUED", "state 5 QUEUED"), next(again, 3));
      assertFalse(again.hasNext());
    }
  }

  @Test
  void aClientSeesAGap_whenWhatItHasNotHadIsForgotten() {
    for (int i = 0; i <= EventRing.EVENTS_MAX; i++) {
      tell(3, i, JobState.QUEUED, 10 + i);
    }

    EventClient client = open(one, "/v1/events?state=DEAD", "3:" + (10L << 16));

    Set<Integer> unsure = new HashSet<>();
    for (int i = 0; i < InMemoryShards.SHARDS; i++) {
      EventClient.Event gap = client.next();
      assertEquals("gap", gap.brief());
      assertFalse(gap.data().has("count"));
      unsure.add(gap.data().get("shard").asInt());
    }
    assertEquals(InMemoryShards.SHARDS, unsure.size());
  }

  /** Hazard 17, SSE: a slow reader loses the oldest, learns how many, and holds up nobody. */
  @Test
  void aSlowReaderLosesSome_isInformed_andHoldsUpNobody() {
    EventClient slow = EventClient.connect(one, "/v1/events", "");
    clients.add(slow);
    assertTrue(slow.line().startsWith("HTTP/1.1 200"));
    EventClient fast = open(one, "/v1/events", "");
    int events = 60_000;
    for (int i = 0; i < events; i++) {
      tell(2 + i % 2, i, JobState.QUEUED, i + 1);
      if (i % 100 == 99) {
        for (int j = 0; j < 100; j++) {
          assertEquals("state", fast.next().name());
        }
      }
    }

    Thread.ofVirtual().start(slow::read);
    long got = 0;
    long lost = 0;
    while (got + lost < events) {
      EventClient.Event event = slow.next();
      if (event.name().equals("gap")) {
        lost += event.data().get("count").asLong();
      } else {
        got++;
      }
    }

    assertEquals(events, got + lost);
    assertTrue(lost > 0 && got > 0, "lost " + lost);
  }

  @Test
  void aStreamGoesOnWithoutAGap_whenAShardMoves() {
    EventClient client = open(one, "/v1/events", "");
    tell(3, 1, JobState.QUEUED, 100);
    assertEquals("state 1 QUEUED", client.next().brief());

    one.shards.rings.set(3, new EventRing(90));
    one.shards.tell(job(3, 1), JobState.QUEUED, 100);
    one.shards.tell(job(3, 1), JobState.DEAD, 101);
    two.shards.owners = shard -> shard % 2 == 1 && shard != 3 ? new Owner.Local() : at(one.port);
    one.shards.owners = shard -> shard % 2 == 0 || shard == 3 ? new Owner.Local() : at(two.port);

    assertEquals("state 1 DEAD", client.next().brief());
    assertFalse(client.hasNext());
  }

  @Test
  void aStreamIsUnsure_whenAnotherNodeHasForgotten() {
    EventClient client = open(one, "/v1/events", "");
    tell(3, 1, JobState.QUEUED, 100);
    client.next();

    one.shards.rings.set(3, new EventRing(1_000));
    one.shards.owners = shard -> shard % 2 == 0 || shard == 3 ? new Owner.Local() : at(two.port);

    EventClient.Event gap = client.next();
    assertEquals("gap", gap.name());
    assertEquals("{\"shard\":3}", gap.data().toString());
  }

  @Test
  void aJobIsFollowedToItsEnd_onAnyNode() {
    JobId job = job(3, 1);
    two.shards.put(job);
    tell(3, 1, JobState.QUEUED, 1);
    tell(3, 2, JobState.DEAD, 2);
    List<EventClient> both =
        List.of(
            open(one, "/v1/jobs/" + job + "/events", ""),
            open(two, "/v1/jobs/" + job + "/events", ""));
    for (EventClient client : both) {
      assertEquals("state 1 QUEUED", client.next().brief());
    }
    tell(3, 1, JobState.RUNNING, 3);
    tell(3, 1, JobState.SUCCEEDED, 4);
    two.shards.finish(job, JsonBytes.NULL);

    for (EventClient client : both) {
      assertEquals("state 1 RUNNING", client.next().brief());
      EventClient.Event last = client.next();
      assertEquals("state 1 SUCCEEDED", last.brief());
      Await.until("the stream ends", client::hasEnded);
      for (ApiNode node : List.of(one, two)) {
        HttpResponse<byte[]> again =
            node.send(
                node.request("/v1/jobs/" + job + "/events").header("Last-Event-ID", last.id()));
        assertEquals(204, again.statusCode());
      }
    }
  }

  @Test
  void aJobOfWhichNothingIsRemembered_isShownAsItStands() {
    JobId job = job(3, 1);
    two.shards.put(job);
    two.shards.finish(job, JsonBytes.NULL);
    JobId waits = job(5, 1);
    two.shards.put(waits);

    for (ApiNode node : List.of(one, two)) {
      EventClient ended = open(node, "/v1/jobs/" + job + "/events", "");
      assertEquals("state 1 SUCCEEDED", ended.next().brief());
      Await.until("the stream ends", ended::hasEnded);
      assertEquals(
          "state 1 QUEUED", open(node, "/v1/jobs/" + waits + "/events", "").next().brief());
      assertEquals(404, node.get("/v1/jobs/" + job(5, 7) + "/events").statusCode());
    }
  }

  @Test
  void thereAreSoManyStreamsAndNoMore() {
    one.shards.owners = _ -> new Owner.Local();
    for (int i = 0; i < EventStreams.CLIENTS_MAX / 2; i++) {
      clients.add(EventClient.connect(one, "/v1/events", ""));
    }
    clients.forEach(client -> assertTrue(client.line().startsWith("HTTP/1.1 200")));

    HttpResponse<byte[]> more = one.get("/v1/events");

    assertEquals(503, more.statusCode());
    assertEquals("urn:kanal:problem:overloaded", ApiNode.json(more).get("type").asText());
    assertEquals("5", ApiNode.header(more, "Retry-After"));
    clients.removeFirst().close();
    Await.until(
        "there is room again",
        () -> {
          EventClient next = EventClient.connect(one, "/v1/events", "");
          clients.add(next);
          return next.line().startsWith("HTTP/1.1 200");
        });
  }

  private EventClient open(ApiNode node, String path, String lastEventId) {
    EventClient client = EventClient.open(node, path, lastEventId);
    clients.add(client);
    return client;
  }

  private static Set<String> next(EventClient client, int events) {
    Set<String> all = new HashSet<>();
    for (int i = 0; i < events; i++) {
      all.add(client.next().brief());
    }
    return all;
  }

  /** The owner of the shard tells of a job. */
  private void tell(int shard, int job, JobState state, long offset) {
    (shard % 2 == 0 ? one : two).shards.tell(job(shard, job), state, offset);
  }

  private static JobId job(int shard, int number) {
    return JobId.of(shard, 1_000, number);
  }

  private static Owner at(int port) {
    return new Owner.Remote("127.0.0.1", port);
  }
}
