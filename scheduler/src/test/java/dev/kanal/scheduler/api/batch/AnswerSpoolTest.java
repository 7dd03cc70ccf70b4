package dev.kanal.scheduler.api.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.scheduler.api.ApiNode;
import dev.kanal.scheduler.api.Await;
import dev.kanal.scheduler.api.RawHttp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

final class AnswerSpoolTest {
  private static final int COUNT = 300_000;
  private static final byte[] THOUSAND =
      "{\"type\":\"a\"}\n".repeat(1_000).getBytes(StandardCharsets.UTF_8);

  @Test
  void readingStops_whenTheSpoolIsFull_andGoesOn_whenAnswersAreRead() throws Exception {
    BatchBudget budget = new BatchBudget(new AnswerSpool.Bounds(64 << 10, 256 << 10));
    try (ApiNode node = ApiNode.withBatches(budget);
        RawHttp http = new RawHttp(node.uri("/"));
        var sender = Executors.newSingleThreadExecutor()) {
      CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> send(http), sender);
      Await.until("disk is used", () -> budget.spooled() > 0);
      int taken = Await.steady(node.shards.sent::get);

      assertTrue(taken < COUNT, "taken while nobody reads: " + taken);
      assertTrue(budget.spooled() <= 256 << 10, "spooled: " + budget.spooled());

      String[] answers = http.read().body().split("\n");

      sending.get();
      assertEquals(COUNT, answers.length);
      for (int i = 0; i < COUNT; i++) {
        assertTrue(answers[i].startsWith("{\"line\":" + (i + 1) + ",\"id\":"), answers[i]);
      }
      Await.until("the disk is given back", () -> budget.spooled() == 0);
      assertEquals(0, budget.requests());
    }
  }

  @Test
  void everythingIsGivenBack_whenTheClientGoesAway() throws Exception {
    BatchBudget budget = new BatchBudget(new AnswerSpool.Bounds(64 << 10, 64 << 20));
    try (ApiNode node = ApiNode.withBatches(budget)) {
      try (RawHttp http = new RawHttp(node.uri("/"));
          var sender = Executors.newSingleThreadExecutor()) {
        CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> send(http), sender);
        Await.until("disk is used", () -> budget.spooled() > 0);
        http.hangUp();
        var _ = sending.exceptionally(_ -> null).get();
      }

      Await.until("the disk is given back", () -> budget.spooled() == 0);
      Await.until("the request is over", () -> budget.requests() == 0);
      assertEquals(202, node.submit("{\"type\":\"a\"}").statusCode());
    }
  }

  private static void send(RawHttp http) {
    try {
      http.sendHead(
          "POST /v1/jobs/bulk",
          "Content-Type: application/x-ndjson",
          "Content-Length: " + THOUSAND.length * (COUNT / 1_000));
      for (int i = 0; i < COUNT / 1_000; i++) {
        http.send(THOUSAND);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
