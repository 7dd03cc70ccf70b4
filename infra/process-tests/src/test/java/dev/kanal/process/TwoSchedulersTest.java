package dev.kanal.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kanal.embedded.EmbeddedKafka;
import dev.kanal.embedded.junit.EmbeddedCluster;
import dev.kanal.embedded.junit.TestKafka;
import dev.kanal.process.kit.Await;
import dev.kanal.process.kit.Nodes;
import dev.kanal.process.kit.Program;
import dev.kanal.process.kit.Programs;
import dev.kanal.process.kit.Server;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Two schedulers and two workers: any scheduler answers any call, and one may die. */
@EmbeddedCluster
final class TwoSchedulersTest {
  private static final Duration ANSWER = Duration.ofSeconds(30);
  private static final Duration CHECK = Duration.ofSeconds(90);
  private static final Duration TAKE_OVER = Duration.ofSeconds(60);
  private static final int JOBS_EACH_WAY = 64;

  @TempDir private Path directory;
  @RegisterExtension private final Programs programs = new Programs();
  private Nodes nodes;

  @BeforeEach
  void start(TestKafka kafka) throws IOException, InterruptedException {
    nodes =
        Nodes.start(
            programs, directory, kafka.bootstrapServers(), EmbeddedKafka.uniquePrefix() + "p");
  }

  @Test
  void shouldAnswerAlike_whicheverIsAsked() throws Exception {
    readAcross(nodes.one(), nodes.two());
    readAcross(nodes.two(), nodes.one());

    for (Server server : List.of(nodes.one(), nodes.two())) {
      Program check = programs.check("--jobs", "1000", "--url", server.url());
      assertEquals(0, check.awaitExit(CHECK), check::printed);
    }

    JsonNode ofOne = queuesWithoutRates(nodes.one());
    assertEquals(ofOne, queuesWithoutRates(nodes.two()));
    assertEquals(0, ofOne.path("items").path(0).path("lag").asInt(-1), ofOne::toString);
    countAcross();
  }

  /** Each node looks at them once a second, at moments of its own. */
  private static JsonNode queuesWithoutRates(Server server) throws Exception {
    JsonNode queues = server.get("/v1/queues").expecting(200).json();
    queues
        .path("items")
        .forEach(queue -> ((ObjectNode) queue).remove(List.of("arrivalRate", "drainRate")));
    return queues;
  }

  private void countAcross() throws Exception {
    for (int job = 0; job < JOBS_EACH_WAY; job++) {
      Server server = job % 2 == 0 ? nodes.one() : nodes.two();
      server.submit("{\"type\":\"echo\",\"queue\":\"a-later\",\"delay\":\"1h\"}").expecting(202);
    }

    for (Server server : List.of(nodes.one(), nodes.two())) {
      Await await = new Await(ANSWER);
      int waiting;
      do {
        waiting = server.get("/v1/queues").expecting(200).json().at("/items/0/waiting").asInt();
      } while (waiting != JOBS_EACH_WAY && await.again());
      assertEquals(JOBS_EACH_WAY, waiting);
    }
  }

  @Test
  void shouldTakeOverAllShards_whenTheOtherIsKilled() throws Exception {
    Deque<String> open = new ArrayDeque<>();
    for (int job = 0; job < JOBS_EACH_WAY; job++) {
      Server server = job % 2 == 0 ? nodes.one() : nodes.two();
      String type =
          job % 8 == 0
              ? "{\"type\":\"sleep\",\"payload\":{\"duration\":\"3s\"}}"
              : "{\"type\":\"echo\"}";
      open.add(server.submit(type).expecting(202).json().path("id").asText());
    }

    nodes.first().kill();

    Await await = new Await(TAKE_OVER);
    List<String> wrong = new ArrayList<>();
    while (!open.isEmpty() || Nodes.shards(nodes.two()) != Nodes.SHARDS) {
      askAround(open, wrong);
      if (Nodes.shards(nodes.two()) != Nodes.SHARDS) {
        Server.Answer submitted = nodes.two().submitSum();
        note(submitted, 202, "a new job", wrong);
        if (submitted.status() == 202) {
          open.add(submitted.json().path("id").asText());
        }
      }
      assertEquals(List.of(), wrong);
      assertTrue(await.again(), () -> "Expected all to be over in time, but open are " + open);
    }
  }

  /** Asks the survivor about each open job; drops those that succeeded. */
  private void askAround(Deque<String> open, List<String> wrong) throws Exception {
    int round = open.size();
    for (int asked = 0; asked < round; asked++) {
      String id = open.remove();
      Server.Answer answer = nodes.two().get("/v1/jobs/" + id);
      note(answer, 200, "job " + id, wrong);
      if (answer.status() != 200 || !answer.json().path("state").asText().equals("SUCCEEDED")) {
        open.add(id);
      }
    }
  }

  private static void note(Server.Answer answer, int good, String what, List<String> wrong) {
    if (answer.status() != good && (answer.status() != 503 || answer.retryAfter().isEmpty())) {
      wrong.add(what + ": " + answer);
    }
  }

  private static void readAcross(Server writer, Server reader) throws Exception {
    for (int job = 0; job < JOBS_EACH_WAY; job++) {
      String id = writer.submitSum().expecting(202).json().path("id").asText();
      assertEquals(id, reader.get("/v1/jobs/" + id).expecting(200).json().path("id").asText());
      Server.Answer ended = reader.await(id, ANSWER).expecting(200);
      assertTrue(ended.isSumOfThree(), ended::toString);
      Server.Answer waited = writer.submitSumAndWait().expecting(200);
      assertTrue(waited.isSumOfThree(), waited::toString);
    }
  }
}
