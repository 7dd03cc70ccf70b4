package dev.kanal.worker;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.control.ControlMessage.CancelRun;
import dev.kanal.common.control.ControlMessage.Drop;
import dev.kanal.common.control.ControlMessage.Granted;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Outcome;
import dev.kanal.common.job.Priority;
import dev.kanal.common.log.LogEntry;
import dev.kanal.common.log.LogEntry.AskToRun;
import dev.kanal.common.log.LogEntry.Finished;
import dev.kanal.common.log.LogEntry.Heartbeat;
import dev.kanal.common.log.LogEntry.Leased;
import dev.kanal.common.log.LogEntry.Progressed;
import dev.kanal.common.log.LogEntry.Stopped;
import dev.kanal.common.task.Task;
import dev.kanal.embedded.junit.EmbeddedCluster;
import dev.kanal.embedded.junit.TestKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The test plays the engine. */
@EmbeddedCluster
final class WorkerControlTest {
  private final Installation installation;
  private final List<Worker> workers = new ArrayList<>();
  private final Set<JobId> ran = ConcurrentHashMap.newKeySet();
  private final CompletableFuture<InterruptCause> cause = new CompletableFuture<>();
  private final CountDownLatch release = new CountDownLatch(1);

  WorkerControlTest(TestKafka kafka) throws Exception {
    installation = new Installation(kafka);
  }

  @AfterEach
  void end() {
    release.countDown();
    workers.forEach(Worker::close);
    installation.close();
  }

  @Test
  void shouldInterruptRunAndKeepOthersFromStarting_whenJobsAreCancelled() throws Exception {
    installation.makeControl();
    start(installation.worker());
    Task running = sent(installation.task("wait", false, false));
    installation.await(entry -> entry instanceof Leased);
    Task later = installation.task("note", false, false);
    installation.tell(new CancelRun(later.job(), 1));
    installation.tell(new CancelRun(running.job(), 1));

    assertEquals(InterruptCause.CANCELLED, Installation.get(cause));
    assertEquals(new Outcome.Cancelled(), installation.awaitOutcome(running));
    sent(later);
    assertEquals(new Outcome.Cancelled(), installation.awaitOutcome(later));
    assertFalse(ran.contains(later.job()));
  }

  /** Hazard 7e. */
  @Test
  void shouldAskAndRunNothing_whenTaskWithPermitWasCancelledBeforeTheWorkerStarted()
      throws Exception {
    installation.makeControl();
    Task cancelled = sent(installation.task("note", true, false));
    Task free = sent(installation.task("note", false, false));
    installation.tell(new CancelRun(cancelled.job(), 1));
    start(installation.worker());

    installation.tell(new Drop(installation.awaitAsked(cancelled)));

    installation.awaitOutcome(free);
    Task later = sent(installation.task("note", false, false));
    installation.awaitOutcome(later);
    assertEquals(Set.of(free.job(), later.job()), ran);
    assertFalse(installation.outcomes().containsKey(cancelled.job()));
  }

  /** Hazard 4A. */
  @Test
  void shouldAskAboutEveryOlderTask_whenBrokerAndWorkerDieTogether() throws Exception {
    installation.makeControl();
    Task old = sent(installation.task("note", false, false));
    start(installation.worker().askAboutOld(true));

    var asked = installation.awaitAsked(old);
    assertFalse(ran.contains(old.job()));
    installation.tell(new Granted(asked));

    assertInstanceOf(Outcome.Succeeded.class, installation.awaitOutcome(old));
  }

  @Test
  void shouldAskAgainUntilAnswered_whenControlTopicIsMadeLate() throws Exception {
    start(installation.worker());
    Task strict = sent(installation.task("note", false, true));
    installation.awaitAll(() -> asks(strict) >= 2, Duration.ofSeconds(30));
    installation.makeControl();

    installation.tell(new Granted(installation.awaitAsked(strict)));

    assertInstanceOf(Outcome.Succeeded.class, installation.awaitOutcome(strict));
    assertTrue(ran.contains(strict.job()));
    assertTrue(installation.entries.stream().noneMatch(entry -> entry instanceof Leased));
  }

  /** Hazard 7h: the events of one run stand in the log in order. */
  @Test
  void shouldTellStoppedAfterTheEnd_whenHandlerIgnoresItsInterrupt() throws Exception {
    installation.makeControl();
    start(installation.worker());
    Task task = sent(installation.task("stubborn", false, false));
    installation.await(entry -> entry instanceof Leased);
    installation.tell(new CancelRun(task.job(), 1));
    var outcome = (Outcome.Cancelled) installation.awaitOutcome(task);
    assertEquals("cancelled", requireNonNull(outcome.error()).type());
    int ended = installation.entries.size();
    installation.awaitAll(
        () -> installation.entries.stream().skip(ended).anyMatch(e -> e instanceof Heartbeat),
        Duration.ofSeconds(10));
    release.countDown();
    installation.await(entry -> entry instanceof Stopped);

    List<LogEntry> entries =
        installation.entries.stream().filter(entry -> !(entry instanceof Heartbeat)).toList();
    assertInstanceOf(Leased.class, entries.get(0));
    assertTrue(assertInstanceOf(Finished.class, entries.get(1)).stillRunning());
    assertInstanceOf(Stopped.class, entries.get(2));
    assertEquals(3, entries.size());
  }

  @Test
  void shouldSendTheLastProgressOnceASecond_whenHandlerTellsMore() {
    Handler<JsonBytes, String> talker =
        (context, _) -> {
          for (int i = 0; i < 1_000; i++) {
            context.progress(i / 1_000.0, "step " + i);
          }
          context.progress(1, "last");
          release.await();
          return "done";
        };
    start(installation.worker().handle("talk", JsonBytes.class, talker));
    Task task = sent(installation.task("talk", false, false));

    installation.await(
        entry ->
            entry instanceof Progressed(var run, var progress)
                && run.job().equals(task.job())
                && "last".equals(progress.message()));

    long sent = installation.entries.stream().filter(e -> e instanceof Progressed).count();
    assertTrue(sent <= 2, () -> "sent " + sent);
  }

  @Test
  void shouldCloseLanesAndOpenThemAgain_whenQueueIsPausedAndResumed() throws Exception {
    installation.makeControl();
    installation.make("other", Priority.NORMAL);
    installation.tellPaused("other", true);
    start(installation.worker());
    sent(installation.task("note", false, false));
    installation.await(entry -> entry instanceof Finished);
    assertEquals(0, installation.members("other"));
    assertTrue(installation.members("default") > 0);

    installation.tellPaused("default", true);
    installation.awaitAll(() -> installation.members("default") == 0, Duration.ofSeconds(10));
    Task paused = sent(installation.task("note", false, false));
    installation.tellPaused("default", false);

    installation.awaitOutcome(paused);
    assertEquals(0, installation.members("other"));
  }

  private long asks(Task task) {
    return installation.entries.stream()
        .filter(entry -> entry instanceof AskToRun(var run) && run.job().equals(task.job()))
        .count();
  }

  private void start(WorkerBuilder builder) {
    Handler<JsonBytes, String> note =
        (context, _) -> {
          ran.add(context.jobId());
          return "noted";
        };
    Worker worker =
        builder
            .handle("note", JsonBytes.class, note)
            .handle("wait", JsonBytes.class, this::waiting)
            .handle("stubborn", JsonBytes.class, this::ignoringInterrupts)
            .build();
    workers.add(worker);
    worker.start();
  }

  private String waiting(Context context, JsonBytes payload) throws InterruptedException {
    try {
      release.await();
      return "done";
    } finally {
      context.interruptCause().ifPresent(cause::complete);
    }
  }

  private int ignoringInterrupts(Context context, JsonBytes payload) {
    int interrupts = 0;
    while (release.getCount() > 0) {
      try {
        release.await();
      } catch (InterruptedException e) {
        interrupts++;
      }
    }
    return interrupts;
  }

  private Task sent(Task task) {
    var _ = installation.send(task);
    return task;
  }
}
