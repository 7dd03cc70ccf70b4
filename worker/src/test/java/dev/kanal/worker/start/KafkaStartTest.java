package dev.kanal.worker.start;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.clock.Clocks;
import dev.kanal.common.clock.ManualClocks;
import dev.kanal.common.clock.Ticker;
import dev.kanal.embedded.junit.EmbeddedCluster;
import dev.kanal.embedded.junit.TestKafka;
import dev.kanal.worker.KafkaAwayException;
import dev.kanal.worker.Worker;
import dev.kanal.worker.WorkerBuilder;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A worker whose Kafka is not at the given address, or has no Kanal in it. */
@EmbeddedCluster
final class KafkaStartTest {
  private static final String NOWHERE = "127.0.0.1:1";
  private static final Duration SOON = Duration.ofMillis(300);
  private static final Duration LONG = Duration.ofDays(1);
  private static final long PATIENCE_S = 20;
  private static final int TOLD_MAX = 20;

  private final TestKafka kafka;

  KafkaStartTest(TestKafka kafka) {
    this.kafka = kafka;
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1:1, nobody listens at 127.0.0.1:1",
    "'127.0.0.1:1,127.0.0.1:2', nobody listens at 127.0.0.1:2",
    "'[::1]:1', nobody listens at [::1]:1",
    "no-such-host.invalid:9092, has a name that is not known here",
    "localhost, cannot be used (Invalid url in bootstrap.servers: localhost)"
  })
  void shouldFail_andNameAddressAndFault_whenItIsWrong(String bootstrap, String fault) {
    try (Worker worker = Worker.builder().bootstrap(bootstrap).startTimeout(SOON).build()) {
      String message = refused(worker);

      assertTrue(message.contains("Kafka at " + bootstrap), message);
      assertTrue(message.contains(fault), message);
      assertTrue(message.contains("correct the worker's bootstrap"), message);
    }
  }

  @Test
  void shouldFail_whenWhatListensThereIsNoBroker() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 9, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + other.getLocalPort();
      try (Worker worker = Worker.builder().bootstrap(address).startTimeout(SOON).build()) {
        String message = refused(worker);

        assertTrue(message.contains("something listens at " + address), message);
      }
    }
  }

  @Test
  void shouldStart_whenItFailedBefore() {
    try (Worker worker = Worker.builder().bootstrap(NOWHERE).startTimeout(SOON).build()) {
      refused(worker);
      refused(worker);
    }
  }

  @Test
  void shouldNotStart_whenItIsClosed() {
    Worker worker = Worker.builder().bootstrap(kafka.bootstrapServers()).build();
    worker.close();

    assertThrows(IllegalStateException.class, worker::start);
  }

  @Test
  void shouldRefuseAtOnce_whenItIsClosed_whereverKafkaIs() {
    Worker worker = Worker.builder().bootstrap(NOWHERE).startTimeout(LONG).build();
    worker.close();

    assertThrows(IllegalStateException.class, worker::start);
  }

  @Test
  void shouldEndTheWaitForKafka_whenItIsClosed() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 9, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + silent.getLocalPort();
      Worker worker = Worker.builder().bootstrap(address).startTimeout(LONG).build();
      CompletableFuture<Void> start = CompletableFuture.runAsync(worker::start);
      silent.setSoTimeout((int) TimeUnit.SECONDS.toMillis(PATIENCE_S));
      try (Socket asked = silent.accept()) {
        assertTrue(asked.isConnected());
        worker.close();
      }

      ExecutionException failed =
          assertThrows(ExecutionException.class, () -> start.get(PATIENCE_S, TimeUnit.SECONDS));
      assertInstanceOf(IllegalStateException.class, failed.getCause());
    }
  }

  @Test
  void shouldNotRun_whenItIsClosedWhileItStarts() throws Exception {
    CompletableFuture<Worker> built = new CompletableFuture<>();
    Thread closer = Thread.ofPlatform().unstarted(() -> built.join().close());
    Thread starter = Thread.currentThread();
    Clocks system = Clocks.system();
    Ticker ticker =
        () -> {
          if (Thread.currentThread().equals(starter) && closer.getState() == Thread.State.NEW) {
            closer.start();
            awaitHeldUpOrDone(closer);
          }
          return system.ticker().nanos();
        };
    WorkerBuilder builder =
        Worker.builder()
            .bootstrap(kafka.bootstrapServers())
            .grace(Duration.ZERO)
            .http("127.0.0.1", 0)
            .clocks(new Clocks(system.wall(), ticker));
    try (Worker worker = builder.build()) {
      built.complete(worker);
      worker.start();
      closer.join();

      int port = worker.httpPort();
      assertTrue(port > 0);
      assertThrows(
          ConnectException.class, () -> new Socket(InetAddress.getLoopbackAddress(), port).close());
    }
  }

  @Test
  void shouldWaitAsLongAsAsked_whenTheClientsOwnTimeIsShorter() {
    Ticker ticker = Clocks.system().ticker();
    long begin = ticker.nanos();
    WorkerBuilder builder =
        Worker.builder()
            .bootstrap(NOWHERE)
            .kafka(Map.of("default.api.timeout.ms", "20", "request.timeout.ms", "20"))
            .startTimeout(SOON);
    try (Worker worker = builder.build()) {
      String message = refused(worker);

      assertTrue(message.contains("nobody listens at " + NOWHERE), message);
      assertTrue(ticker.nanos() - begin >= SOON.toNanos());
    }
  }

  @Test
  void shouldNameAllAddresses_whenTheyAreAList() {
    WorkerBuilder builder =
        Worker.builder().kafka(Map.of("bootstrap.servers", List.of(NOWHERE, "[::1]:1")));
    try (Worker worker = builder.startTimeout(SOON).build()) {
      String message = refused(worker);

      assertTrue(message.contains("Kafka at 127.0.0.1:1,[::1]:1 does"), message);
    }
  }

  @Test
  void shouldTellTheListener_whenItTriesForEver() throws Exception {
    assertReported("Kafka at " + NOWHERE + " does not answer", NOWHERE, "kanal");
  }

  @Test
  void shouldTellTheListener_whenThatKafkaHasNoKanal() throws Exception {
    String bootstrap = kafka.bootstrapServers();

    assertReported(bootstrap + " has no topic elsewhere.log", bootstrap, "elsewhere");
  }

  private static void awaitHeldUpOrDone(Thread thread) {
    while (thread.getState() == Thread.State.RUNNABLE) {
      Thread.onSpinWait();
    }
  }

  private static String refused(Worker worker) {
    return String.valueOf(assertThrows(KafkaAwayException.class, worker::start).getMessage());
  }

  /** The first report comes when the clock has moved by eight seconds, others every ten. */
  private static void assertReported(String expected, String bootstrap, String prefix)
      throws InterruptedException {
    BlockingQueue<KafkaAwayException> reported = new LinkedBlockingQueue<>();
    ManualClocks clocks = new ManualClocks();
    WorkerBuilder builder =
        Worker.builder()
            .bootstrap(bootstrap)
            .prefix(prefix)
            .grace(Duration.ZERO)
            .clocks(clocks.clocks())
            .startTimeout(Duration.ZERO)
            .onKafkaAway(reported::add);
    try (Worker worker = builder.build()) {
      worker.start();
      clocks.advance(KafkaStart.TELL_AFTER);
      String message = "";
      for (int i = 0; i < TOLD_MAX && !message.contains(expected); i++) {
        KafkaAwayException away = reported.poll(PATIENCE_S, TimeUnit.SECONDS);
        message = away == null ? "nothing" : String.valueOf(away.getMessage());
        clocks.advance(KafkaStart.TELL_EVERY);
      }
      assertTrue(message.contains(expected), message);
    }
  }
}
