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

/** Kafka goes, and comes back: what a client of the API is answered meanwhile. */
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
  private static final String OTHER_JOB = "{\"type\":\"echo\",\"queue\":\"n\"}";
  private static final List<String> READS =
      List.of(
          "/v1/queues",
          "/v1/queues/q",
          "/v1/workers",
          "/v1/jobs/01890000-0000-7000-8000-000000000000",
          "/v1/schedules");

  @TempDir Path data;

  private record Reply(String what, int status, String type, long ms) {}

  @Test
  void shouldAnswerSoonAndTakeNothing_whileKafkaIsAway() throws Exception {
    try (EmbeddedKafka kafka = EmbeddedKafka.persistent(data.resolve("kafka"), 0);
        Node node = Node.start(kafka.bootstrapServers(), "kanal", data.resolve("node"), true);
        ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor()) {
      Node.await("the node has shards", () -> node.shards() == Node.SHARDS);
      assertEquals(202, node.post("/v1/jobs", JOB).status());
      Node.await("the queue is shown", () -> lag(node) == 1);

      kafka.kill(0);
      long ambiguous = judge(callsWhileAway(node, calls));
      Reply late = call(node, "late", ANSWER, node.json("/v1/jobs").POST(text(JOB))).call();
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

  /** Submits and changes, and what only asks. */
  private record Calls(List<Reply> submits, List<Reply> reads) {}

  private static Calls callsWhileAway(Node node, ExecutorService calls) throws Exception {
    List<Future<Reply>> submits = new ArrayList<>();
    List<Future<Reply>> reads = new ArrayList<>();
    for (int i = 0; i < SUBMITS; i++) {
      String body = i % 4 == 3 ? keyedJob("key-" + i) : JOB;
      submits.add(
          calls.submit(call(node, "submit", ANSWER, node.json("/v1/jobs").POST(text(body)))));
      if (i % 20 == 15) {
        for (String path : READS) {
          reads.add(calls.submit(call(node, path, READ, node.request(path).GET())));
        }
        HttpRequest.Builder put = node.json("/v1/queues/new").PUT(text("{}"));
        submits.add(calls.submit(call(node, "put", ANSWER, put)));
        HttpRequest.Builder other = node.json("/v1/jobs").POST(text(OTHER_JOB));
        submits.add(calls.submit(call(node, "submit to a new queue", ANSWER, other)));
      }
      LockSupport.parkNanos(SUBMIT_EVERY.toNanos());
    }
    return new Calls(results(submits), results(reads));
  }

  /** Answers how many submits may have been taken. */
  private static long judge(Calls calls) {
    List<Reply> submits = calls.submits;
    log.info("While Kafka was away: {}, reads: {}", submits, calls.reads);
    long ambiguous = submits.stream().filter(each -> each.type.endsWith("ambiguous")).count();
    assertTrue(ambiguous <= 1, "what may exist all the same: " + submits);
    submits.forEach(each -> assertEquals(503, each.status, each::toString));
    submits.forEach(each -> assertTrue(each.ms < ANSWER.plus(MARGIN).toMillis(), each::toString));
    calls.reads.forEach(each -> assertTrue(each.ms < READ.plus(MARGIN).toMillis(), each::toString));
    calls.reads.forEach(each -> assertNotEquals(404, each.status, each::toString));
    return ambiguous;
  }

  private static Callable<Reply> call(
      Node node, String what, Duration expected, HttpRequest.Builder request) {
    return () -> {
      long start = Clocks.system().ticker().nanos();
      try {
        Node.Answer answer = node.send(request.timeout(expected.plusSeconds(8)));
        return new Reply(
            what, answer.status(), answer.status() < 300 ? "" : answer.type(), since(start));
      } catch (HttpTimeoutException e) {
        return new Reply(what, 0, "no answer", since(start));
      }
    };
  }

  private static long since(long start) {
    return (Clocks.system().ticker().nanos() - start) / 1_000_000;
  }

  private static List<Reply> results(List<Future<Reply>> calls) throws Exception {
    List<Reply> all = new ArrayList<>();
    for (Future<Reply> call : calls) {
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

  private static String keyedJob(String key) {
    return "{\"type\":\"echo\",\"payload\":1,\"queue\":\"q\",\"idempotencyKey\":\"" + key + "\"}";
  }
}
