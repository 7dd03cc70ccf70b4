package dev.kanal.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.clock.Clocks;
import dev.kanal.embedded.EmbeddedKafka;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Kafka goes, and comes back: what a client of the API is told meanwhile. */
@Timeout(180)
final class OutageTest {
  private static final Logger log = LoggerFactory.getLogger(OutageTest.class);
  private static final Duration ANSWER = Duration.ofSeconds(5);
  private static final Duration READ = Duration.ofSeconds(2);

  /** For the client and the machine. */
  private static final Duration MARGIN = Duration.ofMillis(500);

  private static final Duration BACK = Duration.ofSeconds(2);
  private static final int SUBMITS = 60;
  private static final Duration SUBMIT_EVERY = Duration.ofMillis(150);
  private static final String JOB = "{\"type\":\"echo\",\"payload\":1,\"queue\":\"q\"}";
  private static final String KEYED_JOB =
      "{\"type\":\"echo\",\"payload\":1,\"queue\":\"q\",\"idempotencyKey\":\"%s\"}";

  @TempDir Path data;

  private record Told(String what, int status, String type, long ms) {}

  @Test
  void shouldAnswerSoonAndTakeNothing_whileKafkaIsAway() throws Exception {
    try (EmbeddedKafka kafka = EmbeddedKafka.persistent(data.resolve("kafka"), 0);
        Node node = Node.start(kafka.bootstrapServers(), "kanal", data.resolve("node"), true);
        ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor()) {
      Node.await("the node has shards", () -> node.shards() == Node.SHARDS);
      assertEquals(202, node.post("/v1/jobs", JOB).status());
      Node.await("the queue is shown", () -> lag(node) == 1);

      kafka.kill(0);
      List<Future<Told>> submits = new ArrayList<>();
      List<Future<Told>> reads = new ArrayList<>();
      for (int i = 0; i < SUBMITS; i++) {
        String body = i % 4 == 3 ? KEYED_JOB.formatted("key-" + i) : JOB;
        submits.add(
            calls.submit(call(node, "submit", ANSWER, node.json("/v1/jobs").POST(text(body)))));
        if (i % 20 == 15) {
          reads.add(calls.submit(get(node, "/v1/queues")));
          reads.add(calls.submit(get(node, "/v1/queues/q")));
          reads.add(calls.submit(get(node, "/v1/workers")));
          reads.add(calls.submit(get(node, "/v1/jobs/01890000-0000-7000-8000-000000000000")));
          reads.add(calls.submit(get(node, "/v1/schedules")));
          submits.add(
              calls.submit(call(node, "put", ANSWER, node.json("/v1/queues/new").PUT(text("{}")))));
          submits.add(
              calls.submit(
                  call(
                      node,
                      "submit to a new queue",
                      ANSWER,
                      node.json("/v1/jobs").POST(text("{\"type\":\"echo\",\"queue\":\"n\"}")))));
        }
        LockSupport.parkNanos(SUBMIT_EVERY.toNanos());
      }
      List<Told> told = results(submits);
      List<Told> read = results(reads);
      log.info("While Kafka was away: {}", told);
      log.info("Reads: {}", read);

      long taken = told.stream().filter(each -> each.status == 202).count();
      long ambiguous = told.stream().filter(each -> each.type.endsWith("ambiguous")).count();
      assertEquals(0, taken);
      assertTrue(ambiguous <= 1, "what may exist all the same: " + told);
      told.forEach(each -> assertEquals(503, each.status, each::toString));
      told.forEach(each -> assertTrue(each.ms < ANSWER.plus(MARGIN).toMillis(), each::toString));
      read.forEach(each -> assertTrue(each.ms < READ.plus(MARGIN).toMillis(), each::toString));
      read.forEach(each -> assertNotEquals(404, each.status, each::toString));
      Told late = call(node, "late", ANSWER, node.json("/v1/jobs").POST(text(JOB))).call();
      assertEquals("kafka-unavailable", late.type, late::toString);
      assertTrue(late.ms < 500, late::toString);

      kafka.restart(0);
      long back = Clocks.system().ticker().nanos();
      Node.await(
          "a submit is taken",
          () -> node.sendOrThrow(node.json("/v1/jobs").POST(text(JOB))).status() == 202);
      long ms = (Clocks.system().ticker().nanos() - back) / 1_000_000;
      log.info("The first submit was taken {} ms after Kafka was back", ms);
      assertTrue(ms < BACK.toMillis(), "ms after Kafka was back: " + ms);
      Node.await("all is counted", () -> lag(node) >= 2);
      assertTrue(lag(node) <= 2 + ambiguous, "jobs that were refused exist: " + lag(node));
    }
  }

  private static Callable<Told> get(Node node, String path) {
    return call(node, path, READ, node.request(path).GET());
  }

  private static Callable<Told> call(
      Node node, String what, Duration expected, HttpRequest.Builder request) {
    return () -> {
      long start = Clocks.system().ticker().nanos();
      try {
        Node.Answer answer = node.send(request.timeout(expected.plusSeconds(8)));
        return new Told(
            what, answer.status(), answer.status() < 300 ? "" : answer.type(), since(start));
      } catch (HttpTimeoutException e) {
        return new Told(what, 0, "no answer", since(start));
      }
    };
  }

  private static long since(long start) {
    return (Clocks.system().ticker().nanos() - start) / 1_000_000;
  }

  private static List<Told> results(List<Future<Told>> calls) throws Exception {
    List<Told> all = new ArrayList<>();
    for (Future<Told> call : calls) {
      all.add(call.get());
    }
    return all;
  }

  private static HttpRequest.BodyPublisher text(String json) {
    return HttpRequest.BodyPublishers.ofString(json);
  }

  private static long lag(Node node) {
    try {
      return node.sendOrThrow(node.request("/v1/queues/q").GET()).json().path("lag").asLong(-1);
    } catch (IOException e) {
      return -1;
    }
  }
}
