package dev.kanal.worker;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.config.WorkerConfig;
import dev.kanal.common.control.ControlMessage.Granted;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Outcome;
import dev.kanal.common.job.Priority;
import dev.kanal.common.log.LogEntry.Finished;
import dev.kanal.common.log.LogEntry.Heartbeat;
import dev.kanal.common.log.LogEntry.Leased;
import dev.kanal.common.task.Task;
import dev.kanal.embedded.junit.EmbeddedCluster;
import dev.kanal.embedded.junit.TestKafka;
import dev.kanal.worker.report.Unread;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@EmbeddedCluster
final class WorkerTest {
  private final Installation installation;
  private final List<Worker> workers = new ArrayList<>();

  record Numbers(int a, int b) {}

  WorkerTest(TestKafka kafka) throws Exception {
    installation = new Installation(kafka);
  }

  @BeforeEach
  void begin() {
    assertTrue(workers.isEmpty());
  }

  @AfterEach
  void end() {
    workers.forEach(Worker::close);
    installation.close();
  }

  @Test
  void shouldReportExactlyOneOutcomePerTask_whenThereAreFiveThousand() {
    Set<JobId> expected = new HashSet<>();
    for (int i = 0; i < 5_000; i++) {
      Task task = installation.task("sum", "{\"data\":[" + i + ",1]}");
      expected.add(task.job());
      var _ = installation.send(task);
    }
    Worker worker = start(installation.worker());

    installation.awaitAll(() -> installation.outcomes().size() >= 5_000, Duration.ofSeconds(60));
    installation.read(Duration.ofMillis(300));

    Map<JobId, List<Outcome>> outcomes = installation.outcomes();
    assertEquals(expected, outcomes.keySet());
    outcomes.forEach((job, all) -> assertEquals(1, all.size(), job::toString));
    assertTrue(worker.types().contains("sum"));
  }

  @Test
  void shouldReadAndWriteJson_whenHandlerIsTyped() {
    start(
        installation
            .worker()
            .handle("multiply", Numbers.class, (_, n) -> Map.of("product", n.a() * n.b())));
    Task task = sent("multiply", "{\"a\":6,\"b\":7,\"unknown\":true}");

    assertEquals(
        new Outcome.Succeeded(JsonBytes.of("{\"product\":42}")), installation.awaitOutcome(task));
  }

  @Test
  void shouldKnowItsContext_whenHandlerRuns() {
    CompletableFuture<Context> argument = new CompletableFuture<>();
    CompletableFuture<Context> scoped = new CompletableFuture<>();
    Handler<JsonBytes, String> handler =
        (context, _) -> {
          argument.complete(context);
          scoped.complete(Context.current());
          return "x";
        };
    start(installation.worker().handle("look", JsonBytes.class, handler));
    Task task = sent("look", "1");

    Context context = Installation.get(argument);
    assertEquals(task.job(), context.jobId());
    assertEquals(task.dispatch(), context.dispatch());
    assertEquals(context, Installation.get(scoped));
    assertThrows(IllegalStateException.class, Context::current);
  }

  @Test
  void shouldLeaseSlowTaskAndTakeOthers_whenHandOffTimeIsOver() {
    CountDownLatch release = new CountDownLatch(1);
    start(
        installation.worker().slots(8).handle("slow", JsonBytes.class, (_, _) -> waitFor(release)));
    Task slow = sent("slow", "1");
    installation.await(
        entry -> entry instanceof Leased leased && leased.run().job().equals(slow.job()));
    List<Task> quick = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      quick.add(installation.task("echo", "" + i));
      var _ = installation.send(quick.get(i));
    }

    quick.forEach(installation::awaitOutcome);

    assertFalse(installation.outcomes().containsKey(slow.job()));
    installation.await(entry -> entry instanceof Heartbeat);
    release.countDown();
    assertInstanceOf(Outcome.Succeeded.class, installation.awaitOutcome(slow));
  }

  @Test
  void shouldInterruptAndReportTimeout_whenAttemptTakesTooLong() {
    CompletableFuture<InterruptCause> cause = new CompletableFuture<>();
    Handler<JsonBytes, String> handler =
        (context, _) -> {
          try {
            return waitFor(new CountDownLatch(1));
          } finally {
            context.interruptCause().ifPresent(cause::complete);
          }
        };
    start(installation.worker().handle("slow", JsonBytes.class, handler));
    Task task = installation.task("slow", "1", Duration.ofMillis(300));
    var _ = installation.send(task);

    Outcome outcome = installation.awaitOutcome(task);

    assertEquals("timeout", assertInstanceOf(Outcome.TimedOut.class, outcome).error().type());
    assertEquals(InterruptCause.TIMEOUT, Installation.get(cause));
  }

  @Test
  void shouldReportTimeoutOnceAndKeepSlot_whenHandlerIgnoresInterrupt() {
    CountDownLatch release = new CountDownLatch(1);
    Worker worker =
        start(
            installation
                .worker()
                .handle("stubborn", JsonBytes.class, (_, _) -> ignoringInterrupts(release)));
    Task task = installation.task("stubborn", "1", Duration.ofMillis(100));
    var _ = installation.send(task);

    assertInstanceOf(Outcome.TimedOut.class, installation.awaitOutcome(task));
    assertTrue(worker.busySlots() > 0);
    release.countDown();
    installation.read(Duration.ofMillis(500));
    assertEquals(1, installation.outcomes().getOrDefault(task.job(), List.of()).size());
  }

  @Test
  void shouldNotStart_whenDeadlineHasPassed() {
    AtomicInteger runs = new AtomicInteger();
    start(installation.worker().handle("count", JsonBytes.class, (_, _) -> runs.incrementAndGet()));
    Task task = installation.task("count", "1");
    var _ = installation.send(Installation.withDeadline(task, task.enqueuedAt().minusSeconds(1)));

    assertInstanceOf(Outcome.TimedOut.class, installation.awaitOutcome(task));
    assertEquals(0, runs.get());
  }

  @Test
  void shouldSayWhy_whenTaskCannotBeRunOrItsResultUsed() {
    start(
        installation
            .worker()
            .resultLimit(100)
            .handle("multiply", Numbers.class, (_, n) -> n.a())
            .handle("big", JsonBytes.class, (_, _) -> "x".repeat(99))
            .handle("fits", JsonBytes.class, (_, _) -> "x".repeat(98))
            .handle("self", JsonBytes.class, (_, _) -> new Selfish())
            .handle("deep", JsonBytes.class, (_, _) -> endless(1))
            .handle("refuse", JsonBytes.class, WorkerTest::refuse)
            .handle("later", JsonBytes.class, WorkerTest::later));

    assertEquals(new Outcome.Unhandled("nobody", false), run("nobody", "1"));
    var unreadable = assertInstanceOf(Outcome.Failed.class, run("multiply", "{\"a\":\n \"x\"}"));
    assertEquals("unreadable-payload", unreadable.error().type());
    assertTrue(unreadable.error().message().contains("at /a: "), unreadable.error().message());
    assertFalse(unreadable.retryable());
    assertFailed("result-too-large", false, run("big", "1"));
    assertInstanceOf(Outcome.Succeeded.class, run("fits", "1"));
    assertFailed("unserialisable-result", false, run("self", "1"));
    assertFailed("java.lang.StackOverflowError", true, run("deep", "1"));
    assertFailed("declined", false, run("refuse", "1"));
    assertEquals(
        Duration.ofSeconds(7), assertInstanceOf(Outcome.Snoozed.class, run("later", "1")).delay());
  }

  @Test
  void shouldPutRecordIntoQuarantineAndGoOn_whenItCannotBeRead() throws Exception {
    start(installation.worker());
    installation.sendRaw("no-id", "{}");
    Task task = sent("echo", "2");

    var quarantined = installation.awaitQuarantined();

    assertEquals("{}", new String(quarantined.value(), StandardCharsets.UTF_8));
    String error =
        new String(quarantined.headers().lastHeader(Unread.ERROR).value(), StandardCharsets.UTF_8);
    assertTrue(error.contains("kanal-job"), error);
    assertInstanceOf(Outcome.Succeeded.class, installation.awaitOutcome(task));
  }

  @Test
  void shouldRunOnce_whenSameDispatchComesAgain() {
    Map<JobId, AtomicInteger> runs = new ConcurrentHashMap<>();
    CountDownLatch release = new CountDownLatch(1);
    Handler<JsonBytes, Integer> count =
        (context, payload) -> {
          int run =
              runs.computeIfAbsent(context.jobId(), _ -> new AtomicInteger()).incrementAndGet();
          if (payload.toString().equals("2")) {
            waitFor(release);
          }
          return run;
        };
    start(installation.worker().handle("count", JsonBytes.class, count));
    Task done = installation.task("count", "1");
    Task running = installation.task("count", "2");
    var _ = installation.send(done);
    var _ = installation.send(running);
    installation.awaitOutcome(done);
    for (int i = 0; i < 10; i++) {
      var _ = installation.send(done);
      var _ = installation.send(running);
    }
    Task last = sent("echo", "3");
    installation.awaitOutcome(last);
    release.countDown();
    installation.awaitOutcome(running);
    installation.read(Duration.ofMillis(500));

    assertEquals(1, runs.getOrDefault(done.job(), new AtomicInteger()).get());
    assertEquals(1, runs.getOrDefault(running.job(), new AtomicInteger()).get());
    assertEquals(1, installation.outcomes().getOrDefault(done.job(), List.of()).size());
  }

  /** Hazard 7a: the one that gets it then asks first. */
  @Test
  void shouldGiveBackAtOnce_whenWorkerClosesWithUnleasedTask() throws Exception {
    BlockingQueue<Integer> takers = new LinkedBlockingQueue<>();
    List<CountDownLatch> warm = List.of(new CountDownLatch(1), new CountDownLatch(1));
    for (int i = 0; i < 2; i++) {
      int number = i;
      Handler<JsonBytes, String> slow =
          (_, _) -> {
            takers.add(number);
            return waitFor(new CountDownLatch(1));
          };
      start(
          installation
              .worker()
              .handOff(Duration.ofMinutes(10))
              .handle("warm-up", JsonBytes.class, (_, _) -> countDown(warm.get(number)))
              .handle("job", JsonBytes.class, slow));
    }
    while (warm.stream().anyMatch(latch -> latch.getCount() > 0)) {
      installation.awaitOutcome(sent("warm-up", "1"));
    }
    installation.makeControl();
    Task task = sent("job", "1");
    int first = requireNonNull(takers.poll(10, TimeUnit.SECONDS), "nobody took it");

    workers.get(first).close();

    installation.tell(new Granted(installation.awaitAsked(task)));
    assertEquals(1 - first, takers.poll(10, TimeUnit.SECONDS));
    installation.read(Duration.ofMillis(100));
    assertFalse(installation.outcomes().containsKey(task.job()));
  }

  @Test
  void shouldHandBackByOutcome_whenWorkerClosesWithLeasedTask() {
    CompletableFuture<InterruptCause> cause = new CompletableFuture<>();
    Handler<JsonBytes, String> slow =
        (context, _) -> {
          try {
            return waitFor(new CountDownLatch(1));
          } finally {
            context.interruptCause().ifPresent(cause::complete);
          }
        };
    Worker worker = start(installation.worker().handle("job", JsonBytes.class, slow));
    Task task = sent("job", "1");
    installation.await(entry -> entry instanceof Leased);

    worker.close();

    assertEquals(InterruptCause.SHUTDOWN, Installation.get(cause));

    var snoozed = assertInstanceOf(Outcome.Snoozed.class, installation.awaitOutcome(task));
    assertEquals(Duration.ZERO, snoozed.delay());
    assertEquals("worker-stopped", snoozed.cause().type());
  }

  @Test
  void shouldLetTasksFinish_whenWorkerClosesWithinGraceTime() throws Exception {
    CompletableFuture<String> begun = new CompletableFuture<>();
    CountDownLatch release = new CountDownLatch(1);
    Handler<JsonBytes, String> slow =
        (_, _) -> {
          begun.complete("");
          return waitFor(release);
        };
    Worker worker =
        start(
            installation
                .worker()
                .grace(Duration.ofSeconds(20))
                .handle("job", JsonBytes.class, slow));
    Task task = sent("job", "1");
    Installation.get(begun);
    Thread closing = Thread.ofPlatform().start(worker::close);
    installation.await(entry -> entry instanceof Leased);
    release.countDown();

    assertTrue(closing.join(Duration.ofSeconds(15)));
    assertInstanceOf(Outcome.Succeeded.class, installation.awaitOutcome(task));
    worker.awaitTermination();
  }

  @Test
  void shouldTakeTasks_whenQueueIsMadeAfterTheStart() throws Exception {
    start(installation.worker());
    start(installation.worker().queues("unrelated"));
    Task early = installation.task("echo", "1");
    installation.make("late", Priority.HIGH);
    var _ = installation.send("late", Priority.HIGH, early);
    installation.awaitOutcome(early);
    installation.make("late", Priority.LOW);
    Task low = installation.task("echo", "1");
    var _ = installation.send("late", Priority.LOW, low);

    assertInstanceOf(Outcome.Succeeded.class, installation.awaitOutcome(low));
  }

  @Test
  void shouldTakeOnlyTheQueuesOfItsConfiguration() throws Exception {
    var config =
        new WorkerConfig(
            "named",
            List.of("mine"),
            4,
            1,
            4,
            Duration.ZERO,
            Duration.ofMillis(50),
            WorkerConfig.Http.NONE);
    start(installation.worker().config(config));
    Task other = sent("echo", "1");
    Task mine = installation.task("echo", "2");
    installation.make("mine", Priority.NORMAL);
    var _ = installation.send("mine", Priority.NORMAL, mine);
    installation.awaitOutcome(mine);
    installation.read(Duration.ofMillis(300));

    assertFalse(installation.outcomes().containsKey(other.job()));
    assertTrue(
        installation.entries.stream()
            .filter(entry -> entry instanceof Finished)
            .allMatch(entry -> ((Finished) entry).run().worker().name().equals("named")));
  }

  @Test
  void shouldRefuse_whenTwoHandlersClaimOneType() {
    var builder = installation.worker().handle("echo", JsonBytes.class, (_, payload) -> payload);

    var refusal = assertThrows(IllegalStateException.class, builder::build);

    assertTrue(String.valueOf(refusal.getMessage()).contains("type echo"), refusal.getMessage());
  }

  @Test
  void shouldReportRunningTimes_whenTaskFinishes() {
    start(installation.worker());
    Task task = sent("sleep", "{\"duration\":\"50ms\"}");
    installation.awaitOutcome(task);

    for (var entry : installation.entries) {
      if (entry instanceof Finished finished) {
        assertTrue(!finished.finishedAt().isBefore(finished.startedAt().plusMillis(50)));
      }
    }
  }

  private Worker start(WorkerBuilder builder) {
    Worker worker = builder.build();
    workers.add(worker);
    worker.start();
    return worker;
  }

  private Outcome run(String type, String payload) {
    return installation.awaitOutcome(sent(type, payload));
  }

  private Task sent(String type, String payload) {
    Task task = installation.task(type, payload);
    var _ = installation.send(task);
    return task;
  }

  private static String countDown(CountDownLatch latch) {
    latch.countDown();
    return "counted";
  }

  private static void assertFailed(String type, boolean retryable, Outcome outcome) {
    var failed = assertInstanceOf(Outcome.Failed.class, outcome);
    assertEquals(type, failed.error().type());
    assertEquals(retryable, failed.retryable());
  }

  private static String waitFor(CountDownLatch latch) throws InterruptedException {
    latch.await();
    return "done";
  }

  private static int ignoringInterrupts(CountDownLatch latch) {
    int interrupts = 0;
    while (latch.getCount() > 0) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        interrupts++;
      }
    }
    return interrupts;
  }

  private static String refuse(Context context, JsonBytes payload) throws JobFailed {
    throw new JobFailed("declined", "The card was declined", false);
  }

  private static String later(Context context, JsonBytes payload) throws Snooze {
    throw new Snooze(Duration.ofSeconds(7), "not now");
  }

  private static int endless(int depth) {
    return depth == 0 ? 0 : endless(depth + 1) + 1;
  }

  /** Cannot be written as JSON. */
  public static final class Selfish {
    public Selfish getSelf() {
      return this;
    }
  }
}
