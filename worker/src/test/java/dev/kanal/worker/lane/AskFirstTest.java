package dev.kanal.worker.lane;

import static dev.kanal.worker.lane.LaneFixture.take;
import static dev.kanal.worker.lane.LaneFixture.task;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.clock.ManualClocks;
import dev.kanal.common.control.ControlMessage.CancelRun;
import dev.kanal.common.control.ControlMessage.Drop;
import dev.kanal.common.control.ControlMessage.Granted;
import dev.kanal.common.job.ErrorInfo;
import dev.kanal.common.job.Outcome;
import dev.kanal.common.log.LogEntry;
import dev.kanal.common.log.LogEntry.AskToRun;
import dev.kanal.common.log.LogEntry.Finished;
import dev.kanal.common.log.LogEntry.Leased;
import dev.kanal.common.log.LogEntry.Stopped;
import dev.kanal.common.log.Run;
import dev.kanal.common.log.WorkerRef;
import dev.kanal.common.task.Suspicion;
import dev.kanal.common.task.Task;
import dev.kanal.worker.pool.Slots.Release;
import dev.kanal.worker.report.Reporter;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The test is the engine: it reads what the lane sends, and answers. */
final class AskFirstTest {
  private final ManualClocks time = new ManualClocks();
  private final LaneFixture lane = new LaneFixture(time.clocks(), LaneSettings.DEFAULT);
  private final Task strict = task(1, Suspicion.NONE, false, true);

  @AfterEach
  void end() throws InterruptedException {
    lane.close();
  }

  @Test
  void shouldRunUnderTheGrant_whenTheEngineSaysYes() throws Exception {
    lane.source.deliver(strict);
    askedAbout(strict);
    assertEquals(0, lane.started.size());
    assertTrue(lane.parts.reporter().holdsLease(strict.job(), 1));

    lane.parts.runs().take(new Granted(lane.run(strict)));
    take(lane.started).finish();

    var finished = assertInstanceOf(Finished.class, acknowledged());
    assertEquals(LaneFixture.DONE.outcome(), finished.outcome());
    assertFalse(lane.parts.reporter().holdsLease(strict.job(), 1));
    assertEquals("1 ACCEPT", take(lane.source.settled));
    assertEquals(1, lane.slots.released(Release.FINISHED));
  }

  @Test
  void shouldAcceptAndRunNothing_whenTheEngineSaysNo() throws Exception {
    lane.source.deliver(strict);
    askedAbout(strict);

    lane.parts.runs().take(new Drop(lane.run(strict)));

    assertEquals("1 ACCEPT", take(lane.source.settled));
    assertEquals(1, lane.slots.released(Release.DROPPED));
    assertFalse(lane.parts.reporter().holdsLease(strict.job(), 1));
    assertEquals(0, lane.started.size());
  }

  @Test
  void shouldNotListen_whenTheAnswerIsForAnother() throws Exception {
    lane.source.deliver(strict);
    askedAbout(strict);

    var other = new Run(strict.job(), 1, new WorkerRef("w", 2));
    lane.parts.runs().take(new Drop(other));
    lane.parts.runs().take(new Granted(other));
    lane.parts.runs().take(new Granted(new Run(strict.job(), 2, lane.run(strict).worker())));

    assertEquals(0, lane.started.size());
    assertEquals(0, lane.slots.released(Release.DROPPED));
    var handedBack = assertInstanceOf(Finished.class, take(lane.events.sent).entry());
    assertEquals(2, handedBack.run().dispatch());
  }

  @Test
  void shouldAskAgain_whenNobodyAnswers() throws Exception {
    lane.source.deliver(strict);
    askedAbout(strict);
    assertEquals("1 ACCEPT", take(lane.source.settled));
    lane.check();
    assertEquals(0, lane.events.sent.size());

    time.advance(LaneTask.ASK_AGAIN);
    lane.check();

    askedAbout(strict);
    time.advance(LaneTask.ASK_MAX);
    lane.check();
    assertEquals(1, lane.slots.released(Release.GIVEN_BACK));
  }

  /** Hazard 7a. */
  @Test
  void shouldAskBeforeItRuns_whenTheBrokerDeliversAgain() throws Exception {
    Task task = task(1);
    lane.source.redeliver(task);

    askedAbout(task);

    assertEquals(0, lane.started.size());
  }

  @Test
  void shouldAsk_whenTheWorkerStoodStillWhileItWaited() throws Exception {
    Task task = task(1);
    lane.source.meanwhile =
        () -> time.advance(LaneSettings.DEFAULT.staleAfter().plus(Duration.ofMillis(1)));

    lane.source.deliver(task);

    askedAbout(task);
    assertEquals(0, lane.started.size());
  }

  @Test
  void shouldAsk_whenWhatCameMeanwhileIsHandedOutSomeWaitsLater() throws Exception {
    assertTrue(lane.source.empties.tryAcquire(10, TimeUnit.SECONDS), "the lane waits for records");
    time.advance(LaneSettings.DEFAULT.staleAfter().plus(Duration.ofMillis(1)));
    lane.source.empties.drainPermits();
    assertTrue(lane.source.empties.tryAcquire(2, 10, TimeUnit.SECONDS));
    Task task = task(1);

    lane.source.deliver(task);

    askedAbout(task);
    time.advance(LaneSettings.DEFAULT.staleAfter());
    lane.source.deliver(task(2));
    assertEquals(task(2), take(lane.started).task());
  }

  @Test
  void shouldAsk_whenARecordComesBehindOthersThatCameLongBefore() throws Exception {
    lane.source.deliver(5);
    take(lane.started).finish();
    take(lane.events.sent).acknowledge();
    time.advance(Arrivals.APART.multipliedBy(2));
    Task before = task(2);

    lane.source.deliver(before);

    askedAbout(before);
    assertEquals(0, lane.started.size());
  }

  /** Hazard 6. */
  @Test
  void shouldAskAboutTheNextBatch_whenTheLaneWasHeldUp() throws Exception {
    lane.source.deliver(1);
    take(lane.started).finish();
    var outcome = take(lane.events.sent);
    lane.source.deliver(2);
    time.advance(LaneSettings.DEFAULT.staleAfter().plusMillis(1));
    outcome.acknowledge();

    askedAbout(task(2));

    assertEquals(0, lane.started.size());
  }

  @Test
  void shouldHandBack_whenTheAnswerComesAfterTheLaneHasStopped() throws Exception {
    lane.source.deliver(strict);
    var asked = take(lane.events.sent);
    lane.stop.giveBack();
    assertEquals("closed", take(lane.source.settled));
    assertEquals(1, lane.slots.released(Release.GIVEN_BACK));
    asked.acknowledge();

    lane.parts.runs().take(new Granted(lane.run(strict)));

    var snoozed = assertInstanceOf(Finished.class, acknowledged()).outcome();
    assertEquals(Duration.ZERO, assertInstanceOf(Outcome.Snoozed.class, snoozed).delay());
  }

  @Test
  void shouldReportCancelled_whenItIsCancelledBeforeOrWhileItAsks() throws Exception {
    Task later = task(2);
    lane.source.deliver(strict);
    askedAbout(strict);
    lane.parts.runs().take(new CancelRun(strict.job(), 1));
    lane.parts.cancels().add(later.job(), 1);

    assertEquals(
        new Outcome.Cancelled(), assertInstanceOf(Finished.class, acknowledged()).outcome());
    lane.source.deliver(later);
    var finished = assertInstanceOf(Finished.class, acknowledged());

    assertEquals(lane.run(later), finished.run());
    assertEquals(new Outcome.Cancelled(), finished.outcome());
    assertEquals("1 ACCEPT", take(lane.source.settled));
    assertEquals("2 ACCEPT", take(lane.source.settled));
    assertEquals(0, lane.started.size());
    assertEquals(2, lane.slots.released(Release.FINISHED));
  }

  @Test
  void shouldInterruptOnlyCancelledDispatches_whenTheyRun() throws Exception {
    lane.source.deliver(1);
    var _ = take(lane.started);

    lane.parts.runs().take(new CancelRun(task(1).job(), 0));
    lane.parts.runs().take(new CancelRun(task(2).job(), 1));
    assertEquals(0, lane.interrupts.size());
    lane.parts.runs().take(new CancelRun(task(1).job(), 1));

    assertEquals("1 CANCEL", take(lane.interrupts));
  }

  /** Hazard 13: one suspect at a time; the others neither run nor hold a lease for long. */
  @Test
  void shouldHandSuspectBack_whenAnotherHasItsTurnForLong() throws Exception {
    Task first = task(1, Suspicion.ALONE, false, false);
    Task second = task(2, Suspicion.ALONE, false, false);
    lane.source.deliver(first, second);
    askedAbout(first);
    lane.parts.runs().take(new Granted(lane.run(first)));
    var running = take(lane.started);
    assertEquals(0, lane.events.sent.size());

    time.advance(LaneSettings.DEFAULT.turnPatience().plusMillis(1));
    askedAbout(second);
    lane.parts.runs().take(new Granted(lane.run(second)));

    var handedBack = assertInstanceOf(Finished.class, acknowledged());
    assertEquals(lane.run(second), handedBack.run());
    assertInstanceOf(Outcome.Snoozed.class, handedBack.outcome());
    assertEquals(0, lane.started.size());
    running.finish();
  }

  /** One loss proves nothing: the tasks that a worker ran when it died are taken over at once. */
  @Test
  void shouldRunTasksBesideEachOther_whoseWorkersWereLostOnce() throws Exception {
    Task first = task(1, Suspicion.LOST, false, false);
    Task second = task(2, Suspicion.LOST, false, false);
    lane.source.deliver(first, second);
    askedAbout(first);
    askedAbout(second);
    lane.parts.runs().take(new Granted(lane.run(first)));
    lane.parts.runs().take(new Granted(lane.run(second)));

    assertEquals(first, take(lane.started).task());
    assertEquals(second, take(lane.started).task());
  }

  @Test
  void shouldAskForTheNextSuspect_whenTheFirstHasEnded() throws Exception {
    Task first = task(1, Suspicion.ALONE, false, false);
    Task second = task(2, Suspicion.ALONE, false, false);
    lane.source.deliver(first, second);
    askedAbout(first);
    lane.parts.runs().take(new Granted(lane.run(first)));
    take(lane.started).finish();
    var _ = acknowledged();

    askedAbout(second);

    lane.parts.runs().take(new Granted(lane.run(second)));
    assertEquals(second, take(lane.started).task());
  }

  @Test
  void shouldKeepLeaseUntilStopped_whenHandlerIgnoresItsInterrupt() throws Exception {
    lane.source.deliver(1);
    var stubborn = take(lane.started);
    var timedOut = new Outcome.Cancelled();
    stubborn
        .listener()
        .finished(new TaskRunner.Ending(timedOut, Instant.EPOCH, Instant.EPOCH, true));
    assertTrue(assertInstanceOf(Finished.class, acknowledged()).stillRunning());
    assertTrue(lane.parts.reporter().holdsLease(task(1).job(), 1));

    stubborn.listener().ended();

    assertEquals(new Stopped(lane.run(task(1))), acknowledged());
    assertFalse(lane.parts.reporter().holdsLease(task(1).job(), 1));
    assertEquals(1, lane.slots.released(Release.FINISHED));
  }

  @Test
  void shouldInterruptAndReportNothing_whenTheTaskIsAnotherWorkers() throws Exception {
    lane.source.deliver(1);
    var running = take(lane.started);
    time.advance(LaneSettings.DEFAULT.handOff());
    assertInstanceOf(Leased.class, acknowledged());

    lane.parts.runs().take(new Drop(lane.run(task(1))));
    assertEquals("1 LEASE_LOST", take(lane.interrupts));
    var interrupted = new Outcome.Snoozed(Duration.ZERO, new ErrorInfo("lease-lost", "", null));
    running
        .listener()
        .finished(new TaskRunner.Ending(interrupted, Instant.EPOCH, Instant.EPOCH, false));
    running.listener().ended();

    assertEquals(0, lane.events.sent.size());
    assertFalse(lane.parts.reporter().holdsLease(task(1).job(), 1));
    assertEquals(1, lane.slots.released(Release.FINISHED));
  }

  @Test
  void shouldInterruptOnlyRunsWithPermit_whenKafkaIsAwayForLongerThanTheLease() throws Exception {
    lane.parts.cancels().completeFrom(Instant.EPOCH);
    lane.source.deliver(task(1, Suspicion.NONE, true, false), task(2));
    var _ = take(lane.started);
    var _ = take(lane.started);
    time.advance(LaneSettings.DEFAULT.handOff());
    assertInstanceOf(Leased.class, acknowledged());
    assertInstanceOf(Leased.class, acknowledged());

    time.advance(Reporter.LEASE.minusMillis(1));
    lane.check();
    assertEquals(0, lane.interrupts.size());
    time.advance(Duration.ofMillis(1));
    lane.check();

    assertEquals("1 LEASE_LOST", take(lane.interrupts));
    assertEquals(0, lane.interrupts.size());
  }

  private void askedAbout(Task task) throws InterruptedException {
    assertEquals(new AskToRun(lane.run(task)), acknowledged());
  }

  private LogEntry acknowledged() throws InterruptedException {
    var sent = take(lane.events.sent);
    sent.acknowledge();
    return sent.entry();
  }
}
