package dev.kanal.scheduler.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.config.HttpConfig;
import dev.kanal.common.door.Places;
import dev.kanal.scheduler.api.batch.AnswerSpool;
import dev.kanal.scheduler.api.batch.BatchBudget;
import dev.kanal.scheduler.api.door.Connections;
import dev.kanal.scheduler.api.node.NodeAddresses;
import dev.kanal.scheduler.api.node.NodeClient;
import dev.kanal.scheduler.engine.query.JobReader.Owner;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** No client takes what is there for all, and none holds a connection that it does not use. */
final class ClientsTest {
  private final List<RawHttp> open = new ArrayList<>();

  @AfterEach
  void hangUp() throws IOException {
    for (RawHttp each : open) {
      each.close();
    }
  }

  @Test
  void oneClientGetsHalfOfTheConnections_andTheNextStillGetsOne() throws IOException {
    HttpConfig four =
        new HttpConfig(
            "127.0.0.1", 0, "", true, List.of("localhost"), 1, 4, 0, Duration.ofHours(1));
    try (ApiNode node = new ApiNode(four)) {
      assertTrue(isServed(connect(node, "127.0.0.1")), "first");
      assertTrue(isServed(connect(node, "127.0.0.1")), "second");
      assertFalse(isServed(connect(node, "127.0.0.1")), "third of one client");
      RawHttp other = connect(node, "127.0.0.2");
      assertTrue(isServed(other), "first of another client");
      assertFalse(isServed(connect(node, "127.0.0.2")), "second of the other");

      other.close();
      Await.until("its place is free", () -> tryServe(node, "127.0.0.2"));
    }
  }

  @Test
  void aConnectionIsClosed_ifItsFirstRequestDoesNotCome() throws IOException {
    Connections.Timeouts heads =
        new Connections.Timeouts(Duration.ofMillis(200), Duration.ofMinutes(1));
    try (ApiNode node = new ApiNode(ApiNode.httpConfig(), clients(2, 2, heads))) {
      assertTrue(connect(node, "127.0.0.1").ends(), "silent");
      RawHttp slow = connect(node, "127.0.0.1");
      slow.send("GET /livez HTTP/1.1\r\nHost: localhost\r\n");
      assertTrue(slow.ends(), "with half a head");
    }
  }

  @Test
  void aConnectionIsClosed_ifItsNextRequestDoesNotCome_andNotBefore() throws IOException {
    Connections.Timeouts heads =
        new Connections.Timeouts(Duration.ofMinutes(1), Duration.ofMillis(300));
    try (ApiNode node = new ApiNode(ApiNode.httpConfig(), clients(2, 2, heads))) {
      RawHttp http = connect(node, "127.0.0.1");
      assertTrue(isServed(http), "first");
      assertTrue(isServed(http), "second");
      http.send("GET /livez HTTP/1.1\r\n");
      assertTrue(http.ends(), "with half a head");
    }
  }

  @Test
  void oneClientGetsHalfOfTheStreams_alsoIfItSaysThatItIsANode() throws IOException {
    try (ApiNode node = new ApiNode(ApiNode.httpConfig(), clients(2, 4, heads()))) {
      node.shards.owners = _ -> new Owner.Local();

      assertEquals(200, stream(node, "127.0.0.1", "/v1/events"));
      assertEquals(200, stream(node, "127.0.0.1", "/internal/v1/events"));
      assertEquals(503, stream(node, "127.0.0.1", "/internal/v1/events"));
      assertEquals(503, stream(node, "127.0.0.1", "/v1/events", "Kanal-Forwarded: 1"));
      assertEquals(200, stream(node, "127.0.0.2", "/v1/events"));
    }
  }

  @Test
  void anotherNodesShareOfAStreamIsNotAClients() throws IOException {
    try (ApiNode node = new ApiNode(ApiNode.httpConfig(), clients(2, 2, heads()))) {
      node.shards.owners =
          shard -> shard == 0 ? new Owner.Remote("127.0.0.3", 1) : new Owner.Local();

      assertEquals(200, stream(node, "127.0.0.3", "/v1/events"));
      assertEquals(503, stream(node, "127.0.0.3", "/v1/events"));
      assertEquals(200, stream(node, "127.0.0.3", "/internal/v1/events"));
      assertEquals(200, stream(node, "127.0.0.3", "/v1/events", "Kanal-Forwarded: 1"));
    }
  }

  @Test
  void aReadThatWaitsIsRefused_andASubmitDoesNotWait_ifTooManyDo() throws IOException {
    Places waits = new Places(2);
    try (ApiNode node = new ApiNode(ApiNode.httpConfig(), clients(waits, 2, heads()))) {
      String job = ApiNode.header(node.submit("{\"type\":\"a\"}"), "Location");
      connect(node, "127.0.0.1").sendHead("GET " + job + "?wait=60s");
      Await.until("it waits", () -> waits.taken() == 1);
      assertEquals(503, node.get(job + "?wait=1ms").statusCode());

      RawHttp submit = connect(node, "127.0.0.1");
      submit.sendHead(
          "POST /v1/jobs",
          "Prefer: wait=60",
          "Content-Type: application/json",
          "Content-Length: 12");
      submit.send("{\"type\":\"a\"}");
      RawHttp.Reply accepted = submit.read();

      assertEquals(202, accepted.status());
      assertEquals("", accepted.header("Preference-Applied"));
      assertEquals(200, node.get(job).statusCode());
    }
  }

  @Test
  void namesOfNodesAreAskedFor_offTheCallersThread() {
    NodeAddresses nodes =
        new NodeAddresses(
            () ->
                Set.of(
                    new NodeClient.Node("localhost", 1),
                    new NodeClient.Node("10.1.2.3", 1),
                    new NodeClient.Node("nowhere.invalid", 1)));

    assertTrue(nodes.has("10.1.2.3"));
    assertFalse(nodes.has("10.1.2.4"));
    Await.until("localhost is known", () -> nodes.has("127.0.0.1"));
  }

  private static Connections.Timeouts heads() {
    return Connections.Timeouts.DEFAULT;
  }

  private static Clients clients(int waits, int streams, Connections.Timeouts heads) {
    return clients(new Places(waits), streams, heads);
  }

  private static Clients clients(Places waits, int streams, Connections.Timeouts heads) {
    return new Clients(
        waits, new Places(streams), new BatchBudget(AnswerSpool.Bounds.DEFAULT), heads);
  }

  private RawHttp connect(ApiNode node, String from) throws IOException {
    RawHttp http = new RawHttp(node.uri("/"), InetAddress.getByName(from));
    open.add(http);
    return http;
  }

  private static boolean isServed(RawHttp http) throws IOException {
    try {
      http.sendHead("GET /livez");
      return http.read().status() == 200;
    } catch (SocketException | EOFException e) {
      return false;
    }
  }

  private boolean tryServe(ApiNode node, String from) {
    try {
      return isServed(connect(node, from));
    } catch (IOException e) {
      return false;
    }
  }

  private int stream(ApiNode node, String from, String path, String... headers) throws IOException {
    RawHttp http = connect(node, from);
    http.sendHead("GET " + path, headers.length == 0 ? new String[] {"Accept: */*"} : headers);
    return http.readHead().status();
  }
}
