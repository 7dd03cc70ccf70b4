package dev.kanal.scheduler.api.format;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.clock.ManualClocks;
import dev.kanal.common.error.ErrorCode;
import dev.kanal.common.log.LogFormat;
import dev.kanal.scheduler.api.ApiNode;
import dev.kanal.scheduler.api.InMemoryShards;
import dev.kanal.scheduler.api.node.AllOwners;
import dev.kanal.scheduler.api.node.NodeClient;
import dev.kanal.scheduler.api.node.OldNode;
import dev.kanal.scheduler.api.problem.RefusedException;
import dev.kanal.scheduler.engine.query.JobReader.Owner;
import io.vertx.core.Vertx;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whether a format may be used, asked at node one; it owns the even shards, node two the odd. */
final class LogFormatsTest {
  private final ManualClocks time = new ManualClocks();
  private final Vertx vertx = Vertx.vertx();
  private final InMemoryShards one = new InMemoryShards();
  private final ApiNode two = new ApiNode();
  private final LogFormats formats =
      new LogFormats(new AllOwners(vertx, one, new NodeClient(vertx)), one, time.clocks().ticker());

  @BeforeEach
  void share() {
    one.logFormat = LogFormat.JOBS.number();
    two.shards.logFormat = LogFormat.JOBS.number();
    shareWith(two.port);
    two.shards.owners =
        shard -> shard % 2 == 1 ? new Owner.Local() : new Owner.Remote("127.0.0.1", 1);
  }

  @AfterEach
  void stop() {
    two.close();
    one.close();
    vertx.close().await();
  }

  @Test
  void shouldBeActive_onlyOnceTheShardsOfAllNodesHaveIt() throws Exception {
    assertFalse(isActive(LogFormat.FLOWS));
    one.logFormat = LogFormat.FLOWS.number();
    assertFalse(later());
    two.shards.logFormat = LogFormat.FLOWS.number();
    assertTrue(later());
    assertTrue(isActive(LogFormat.JOBS));
  }

  @Test
  void shouldStayActive_whateverBecomesOfTheNodes() throws Exception {
    one.logFormat = LogFormat.FLOWS.number();
    two.shards.logFormat = LogFormat.FLOWS.number();
    assertTrue(isActive(LogFormat.FLOWS));
    one.owners = _ -> new Owner.Unknown();
    assertTrue(later());
  }

  @Test
  void shouldNotBeActive_whileAShardHasNoOwner() throws Exception {
    one.logFormat = LogFormat.FLOWS.number();
    one.owners = shard -> shard == 7 ? new Owner.Unknown() : new Owner.Local();
    assertFalse(isActive(LogFormat.FLOWS));
    assertTrue(isActive(LogFormat.JOBS));
  }

  /** It does not know the question. */
  @Test
  void shouldNotBeActive_whileANodeIsOfTheReleaseBefore() throws Exception {
    one.logFormat = LogFormat.FLOWS.number();
    two.shards.logFormat = LogFormat.FLOWS.number();
    try (OldNode old = new OldNode(two)) {
      shareWith(old.port());
      assertFalse(isActive(LogFormat.FLOWS));
    }
  }

  @Test
  void shouldAskTheOwnersAgain_onlyAfterAWhile() throws Exception {
    assertFalse(isActive(LogFormat.FLOWS));
    one.logFormat = LogFormat.FLOWS.number();
    two.shards.logFormat = LogFormat.FLOWS.number();
    assertFalse(isActive(LogFormat.FLOWS));
    time.advance(LogFormats.ASK_EVERY.minusNanos(1));
    assertFalse(isActive(LogFormat.FLOWS));
    time.advance(LogFormats.ASK_EVERY);
    assertTrue(isActive(LogFormat.FLOWS));
  }

  @Test
  void shouldRefuseACall_untilItIsActive() throws Exception {
    RefusedException refused =
        assertThrows(RefusedException.class, () -> onVirtualThread(this::require));
    assertEquals(ErrorCode.UPGRADING, refused.problem().code());
    assertEquals(503, refused.problem().code().status());
    assertTrue(refused.problem().retryAfterSeconds() > 0);
    one.logFormat = LogFormat.FLOWS.number();
    two.shards.logFormat = LogFormat.FLOWS.number();
    time.advance(LogFormats.ASK_EVERY);
    assertDoesNotThrow(() -> onVirtualThread(this::require));
  }

  private boolean require() throws RefusedException {
    formats.require(LogFormat.FLOWS);
    return true;
  }

  private static boolean onVirtualThread(Callable<Boolean> call) throws Exception {
    FutureTask<Boolean> task = new FutureTask<>(call);
    Thread.ofVirtual().start(task);
    try {
      return task.get(20, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  private void shareWith(int port) {
    one.owners = shard -> shard % 2 == 0 ? new Owner.Local() : new Owner.Remote("127.0.0.1", port);
  }

  private boolean later() throws Exception {
    time.advance(LogFormats.ASK_EVERY);
    return isActive(LogFormat.FLOWS);
  }

  private boolean isActive(LogFormat format) throws Exception {
    return formats
        .isActive(format)
        .toCompletionStage()
        .toCompletableFuture()
        .get(20, TimeUnit.SECONDS);
  }
}
