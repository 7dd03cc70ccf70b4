package dev.kanal.embedded;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.utils.internals.Exit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FatalFaultTest {
  @TempDir Path directory;

  @Test
  void shouldReportTheFaultAndLive_whenTheBrokerLosesItsDisk() throws Exception {
    // By a link, which is replaced in one step: a running broker makes a directory that it misses.
    Path mount = directory.resolve("kafka");
    Files.createSymbolicLink(mount, Files.createDirectory(directory.resolve("disk")));
    Path lost = Files.writeString(directory.resolve("lost"), "not a directory");
    Path unmount = Files.createSymbolicLink(directory.resolve("unmount"), lost);
    var kafka = EmbeddedKafka.persistent(mount, 0);
    try (kafka;
        var admin = Clients.of(kafka).admin()) {
      Files.move(unmount, mount, ATOMIC_MOVE);
      var _ = admin.createTopics(List.of(new NewTopic("jobs", 1, (short) 1)));

      KafkaFault fault =
          kafka.failed().toCompletableFuture().get(Clients.LIMIT.toSeconds(), TimeUnit.SECONDS);

      assertEquals(0, fault.node(), fault.message());
      // The topic's answer never comes if it was the controller that noticed first.
      admin.close(Duration.ZERO);
    }
  }

  @Test
  void shouldTellWhoAskedToEndTheProcess_whenAThreadOfANodeDoes() throws Exception {
    var mine = new Faults(UnaryOperator.identity());
    var other = new Faults(UnaryOperator.identity());
    ExitGuard.watch(-1, other);
    ExitGuard.watch(Long.MAX_VALUE, mine);
    try {
      var thread =
          new Thread(ExitGuard.group(Long.MAX_VALUE, 2), () -> Exit.halt(7, "disk gone"), "asker");
      thread.setUncaughtExceptionHandler((ended, expected) -> {});
      thread.start();
      thread.join();

      KafkaFault fault = mine.first().get(1, TimeUnit.SECONDS);
      assertEquals(2, fault.node());
      assertTrue(fault.message().contains("disk gone"), fault.message());
      assertFalse(other.first().isDone());
    } finally {
      ExitGuard.unwatch(-1);
      ExitGuard.unwatch(Long.MAX_VALUE);
    }
  }

  @Test
  void shouldTellAll_whenItIsUnknownWhoAskedToEndTheProcess() throws Exception {
    var faults = new Faults(UnaryOperator.identity());
    ExitGuard.watch(-1, faults);
    try {
      assertThrows(KafkaStoppedException.class, () -> Exit.exit(1));
      assertEquals(-1, faults.first().get(1, TimeUnit.SECONDS).node());
    } finally {
      ExitGuard.unwatch(-1);
    }
  }

  @Test
  void shouldReportNothing_whenStopping() {
    var faults = new Faults(UnaryOperator.identity());
    faults.ignoreFromNowOn();
    faults.report(new KafkaFault(0, "late", null));
    assertFalse(faults.first().isDone());
  }
}
