package dev.kanal.scheduler.engine.flow;

import static dev.kanal.scheduler.engine.flow.FlowTest.atOnce;
import static dev.kanal.scheduler.engine.flow.FlowTest.job;
import static dev.kanal.scheduler.engine.flow.FlowTest.map;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.flow.FanOut;
import dev.kanal.common.flow.FlowSpec;
import dev.kanal.common.flow.Over;
import dev.kanal.common.flow.StepKind;
import dev.kanal.common.flow.StepSpec;
import dev.kanal.common.flow.Tolerance;
import dev.kanal.common.flow.plan.FlowReason;
import dev.kanal.common.flow.plan.FlowState;
import dev.kanal.common.flow.plan.StepState;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Outcome;
import dev.kanal.common.job.Reason;
import dev.kanal.common.log.FlowEntry.CancelFlow;
import dev.kanal.common.log.FlowEntry.Ended;
import dev.kanal.common.log.FlowEntry.SignalFlow;
import dev.kanal.common.log.LogEntry;
import dev.kanal.common.log.LogEntry.Relayed;
import dev.kanal.common.log.MemberEnd;
import dev.kanal.common.log.Shards;
import dev.kanal.common.task.Task;
import dev.kanal.scheduler.engine.row.OutboxFill;
import dev.kanal.scheduler.engine.row.Tables;
import dev.kanal.scheduler.engine.shard.Decisions;
import dev.kanal.scheduler.engine.step.Decider;
import dev.kanal.scheduler.engine.step.EngineRules;
import dev.kanal.scheduler.engine.step.Input;
import dev.kanal.scheduler.engine.step.Step;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** What may go wrong around a flow, each by its own test. */
final class FlowHazardTest {
  private static final int SHARDS = 4;

  /** Decides as ever, but for inputs that it throws at. */
  private static final class Broken implements Decider {
    private final Decisions right = new Decisions(EngineRules.DEFAULT, new Shards(SHARDS));
    private Predicate<Input> at = _ -> false;
    private boolean concludes = true;

    @Override
    public void decide(Step step, Input input) {
      if (at.test(input)) {
        throw new IllegalStateException("planted");
      }
      right.decide(step, input);
    }

    @Override
    public void conclude(Step step) {
      if (!concludes) {
        throw new IllegalStateException("planted, too");
      }
      right.conclude(step);
    }
  }

  private final Broken broken = new Broken();
  private final FlowWorld world = new FlowWorld(SHARDS, broken);

  private static FlowSpec wide(int width, int atOnce, int tolerated) {
    FanOut fanOut = new FanOut(atOnce, new Tolerance.Failures(tolerated), null, false);
    return FlowSpec.of("wide", List.of(map("m", new Over.Range(0, width, 1), fanOut, "1")));
  }

  private void succeedAll(String step) {
    for (Task each : List.copyOf(world.tasks(step).values())) {
      world.succeed(each, "1");
    }
    world.skip(Duration.ofMillis(20));
  }

  /** Hazard F1. */
  @Test
  void shouldEndTheMemberAlone_whenItsDecisionThrowsAndSoDoesWhatFollows() {
    int[] left = {3};
    broken.at = input -> input instanceof Input.MemberParcel && left[0]-- == 1;
    broken.concludes = false;
    JobId flow = world.begin(wide(8, 8, 1));
    broken.concludes = true;
    assertEquals(7, world.tasks("m").size());
    assertEquals(1, world.quarantined.size());
    succeedAll("m");
    assertEquals(FlowState.SUCCEEDED, world.state(flow));
    assertEquals(1, world.counts(flow, "m").failed());
  }

  /** Hazard F1, with the job's own end. */
  @Test
  void shouldHearOfTheEnd_whenTheOutcomeOfAMemberCannotBeDecided() {
    JobId flow = world.begin(wide(4, 4, 1));
    broken.at = input -> input instanceof Input.Entry(LogEntry.Finished _);
    broken.concludes = false;
    world.succeed(world.task("m", 1), "1");
    broken.at = _ -> false;
    broken.concludes = true;
    succeedAll("m");
    assertEquals(FlowState.SUCCEEDED, world.state(flow));
    assertEquals(1, world.counts(flow, "m").failed());
  }

  /** Hazard F2. */
  @Test
  void shouldEndTheFlowAndItsMembers_whenATurnThrows() {
    int[] left = {2};
    broken.at = input -> input instanceof Input.FlowTurn && --left[0] == 0;
    JobId flow =
        world.begin(
            FlowSpec.of(
                "bad",
                List.of(
                    job("a", "1"),
                    job("b", "2", "a"),
                    map("m", new Over.Range(0, 5, 1), atOnce(5), "1"))));
    world.succeed("a", "1");
    assertEquals(FlowState.FAILED, world.state(flow));
    assertEquals(FlowReason.ENGINE_ERROR, world.flow(flow).status().reason());
    assertEquals(5, world.jobs(JobState.CANCELLED));
    assertEquals(0, world.flow(flow).openMembers());
    assertEquals(1, world.quarantined.size());
  }

  /** Hazard F2: what is known of its steps cannot be read. */
  @Test
  void shouldBeFinalAtOnce_whenTheFlowCannotEvenBeStopped() {
    JobId flow = world.begin(FlowSpec.of("bad", List.of(job("a", "1"), job("b", "2", "a"))));
    world.stores.get(0).put(FlowTables.DEFINITIONS.key(flow), new byte[] {99});
    Task task = world.tasks.values().iterator().next();
    world.succeed(task, "1");
    assertEquals(FlowState.FAILED, world.state(flow));
    assertEquals(FlowReason.ENGINE_ERROR, world.flow(flow).status().reason());
    assertEquals(0, world.count('Y') + world.count('O') + world.count('P'));
    assertEquals(JobState.SUCCEEDED, world.job(task.job()).state());
  }

  /** A flow that was answered with 202 is there, whatever becomes of it. */
  @Test
  void shouldBeThereAndFailed_whenItsStartCannotBeDecided() {
    broken.at = input -> input instanceof Input.Entry(var entry) && entry.toString().contains("f1");
    JobId flow = world.begin(FlowSpec.of("f1", List.of(job("a", "1"))));
    assertEquals(FlowState.FAILED, world.state(flow));
    assertEquals(0, world.tasks.size());
  }

  /** Hazards F3 and F4: the same entry comes again, or another report of the same end. */
  @Test
  void shouldCountAnEndOnce_whenItIsReportedTwice() {
    JobId flow = world.begin(wide(8, 8, 8));
    Task second = world.task("m", 1);
    assertEquals(1, second.job().shard());
    world.succeed(second, "1");
    assertEquals(1, world.counts(flow, "m").ended());
    MemberEnd end = new MemberEnd(1, 0, JobState.SUCCEEDED, null, second.job(), null);
    Ended again = new Ended(flow, "m", 1, List.of(end));
    world.append(0, new Relayed(1, 1, again));
    world.append(0, again);
    world.settle();
    assertEquals(1, world.counts(flow, "m").ended());
    assertEquals(7, world.flow(flow).openMembers());
  }

  /** Hazard F5. */
  @Test
  void shouldBeCancelledAndCountTheSuccess_whenBothMeet() {
    JobId flow = world.begin(wide(2, 2, 0));
    Task second = world.task("m", 1);
    world.finish(second, new Outcome.Succeeded(JsonBytes.of("1")));
    world.append(0, new CancelFlow(flow, false));
    world.read(0);
    world.settle();
    assertEquals(FlowState.CANCELLED, world.state(flow));
    assertEquals(JobState.SUCCEEDED, world.job(second.job()).state());
    assertEquals(1, world.counts(flow, "m").succeeded());
  }

  /** Hazard F6: a shard that is away has not made its members when others have ended. */
  @Test
  void shouldWaitForMembersThatDoNotExistYet_whenOthersHaveEnded() {
    world.away(2, true);
    JobId flow = world.begin(wide(8, 8, 0));
    assertEquals(6, world.tasks("m").size());
    succeedAll("m");
    assertEquals(FlowState.RUNNING, world.state(flow));
    assertEquals(6, world.counts(flow, "m").ended());
    world.away(2, false);
    world.settle();
    succeedAll("m");
    assertEquals(FlowState.SUCCEEDED, world.state(flow));
  }

  /** Hazard F8. */
  @Test
  void shouldHearOfMembers_thatAPurgeTakes() {
    JobId flow = world.begin(wide(4, 4, 4));
    for (Task each : List.copyOf(world.tasks("m").values())) {
      world.append(each.job().shard(), new LogEntry.Cancel(each.job(), Reason.PURGED));
    }
    world.settle();
    assertEquals(FlowState.SUCCEEDED, world.state(flow));
    assertEquals(4, world.counts(flow, "m").failed());
  }

  /** Hazard F8. */
  @Test
  void shouldExpireWithItsMembers_whenTheDeadlinePasses() {
    JobId flow = world.begin(wide(100, 10, 0).withDeadline(world.now().plusSeconds(5)));
    world.pass(Duration.ofSeconds(6));
    assertEquals(FlowState.EXPIRED, world.state(flow));
    assertEquals(10, world.jobs(JobState.EXPIRED) + world.jobs(JobState.CANCELLED));
    assertEquals(0, world.flow(flow).openMembers());
  }

  /** Hazard F11. */
  @Test
  void shouldServeASmallFlow_besideOneThatMakesManyMembers() {
    world.start(wide(100_000, 10_000, 0));
    JobId small = world.start(FlowSpec.of("small", List.of(job("a", "1"))));
    while (world.read(0)) {}
    for (int ticks = 0; world.tasks("a").isEmpty(); ticks++) {
      assertTrue(ticks < 5, "the small flow waits for the other");
      assertTrue(world.tick(0));
    }
    assertEquals(FlowState.RUNNING, world.state(small));
  }

  /** Hazard F13. */
  @Test
  void shouldMakeNoMembers_whileTheOutboxIsFull() {
    var full = new OutboxFill(Launching.OUTBOX_ENTRIES, 0);
    world.stores.get(0).put(Tables.OUTBOX_FILL, full.encode());
    JobId flow = world.begin(wide(8, 8, 0));
    assertEquals(0, world.tasks.size());
    world.skip(Duration.ofMillis(OpenFlow.STALLED_MS));
    assertEquals(0, world.tasks.size());
    world.stores.get(0).put(Tables.OUTBOX_FILL, new OutboxFill(0, 0).encode());
    world.skip(Duration.ofMillis(OpenFlow.STALLED_MS));
    assertEquals(8, world.tasks("m").size());
    succeedAll("m");
    assertEquals(FlowState.SUCCEEDED, world.state(flow));
    assertEquals(0, world.count('h'));
  }

  /** Hazard F13: members of a flow that ends meanwhile are never made. */
  @Test
  void shouldEnd_whenItIsCancelledWhileTheOutboxIsFull() {
    var full = new OutboxFill(0, Launching.OUTBOX_BYTES);
    world.stores.get(0).put(Tables.OUTBOX_FILL, full.encode());
    FlowSpec spec =
        FlowSpec.of("chain", List.of(map("m", new Over.Range(0, 8, 1), atOnce(8), "1", "2")));
    JobId flow = world.begin(spec);
    world.tell(new CancelFlow(flow, false));
    assertEquals(FlowState.CANCELLED, world.state(flow));
    world.skip(Duration.ofSeconds(1));
    assertEquals(0, world.sent.size());
    assertEquals(0, world.count('h') + world.count('P'));
  }

  /** Hazard F14. */
  @Test
  void shouldReportInSeveralEntries_whenResultsAreLarge() {
    FanOut collect = new FanOut(40, Tolerance.Failures.NONE, null, true);
    JobId flow =
        world.begin(
            FlowSpec.of(
                "large",
                List.of(
                    map("m", new Over.Range(0, 40, 1), collect, "1"),
                    job("end", "{\"$from\":\"m\"}", "m"))));
    for (Task each : List.copyOf(world.tasks("m").values())) {
      world.finish(each, new Outcome.Succeeded(JsonBytes.of("\"" + "x".repeat(100 << 10) + "\"")));
    }
    world.settle();
    assertEquals(FlowState.FAILED, world.state(flow));
    assertEquals(FlowReason.COLLECT_TOO_LARGE, world.step(flow, "m").reason());
    assertTrue(world.records.getOrDefault("Relayed", 0) > 3 * 4, () -> "" + world.records);
    assertEquals(List.of(), world.quarantined);
  }

  private static StepSpec step(String name, StepKind kind, String... needs) {
    return StepSpec.of(name, kind).withNeeds(List.of(needs));
  }

  private static StepKind.Wait wait(String event, int seconds) {
    return new StepKind.Wait(event, seconds == 0 ? null : Duration.ofSeconds(seconds));
  }

  /** Hazard F15. */
  @Test
  void shouldKeepAnEvent_thatComesBeforeItsStep() {
    JobId flow =
        world.begin(
            FlowSpec.of(
                "early",
                List.of(
                    job("a", "1"),
                    step("ok", wait("go", 5), "a"),
                    job("b", "{\"$from\":\"ok\",\"at\":\"/by\"}", "ok"))));
    world.tell(new SignalFlow(flow, "go", JsonBytes.of("{\"by\":1}")));
    long taken = world.flow(flow).commandOffset();
    world.tell(new SignalFlow(flow, "go", JsonBytes.of("{\"by\":2}")));
    world.tell(new SignalFlow(flow, "other", JsonBytes.of("{}")));
    assertEquals(taken, world.flow(flow).commandOffset(), "the first of a name counts");
    world.succeed("a", "1");
    assertEquals(StepState.SUCCEEDED, world.state(flow, "ok"));
    assertEquals("1", world.task("b").payload().toString());
  }

  /** Hazard F16. */
  @Test
  void shouldTakeTheFirstInTheLog_whenEventAndTimeoutMeet() {
    FlowSpec spec = FlowSpec.of("both", List.of(step("ok", wait("go", 5))));
    JobId late = world.begin(spec);
    JobId inTime = world.begin(spec);
    world.skip(Duration.ofSeconds(4));
    world.tell(new SignalFlow(inTime, "go", JsonBytes.of("1")));
    world.pass(Duration.ofSeconds(2));
    world.tell(new SignalFlow(late, "go", JsonBytes.of("1")));
    assertEquals(FlowState.SUCCEEDED, world.state(inTime));
    assertEquals(FlowState.FAILED, world.state(late));
    assertEquals(StepState.EXPIRED, world.state(late, "ok"));
    assertEquals(FlowReason.EVENT_TIMEOUT, world.step(late, "ok").reason());
  }

  /** Hazard F17. */
  @Test
  void shouldHaveOneWinner_whenTwoBranchesSucceedWithinATick() {
    StepKind race =
        new StepKind.Race(
            List.of(
                new StepKind.Branch("w", wait("go", 60)),
                new StepKind.Branch("x", (StepKind.Single) job("x", "1").kind()),
                new StepKind.Branch("y", (StepKind.Single) job("y", "2").kind()),
                new StepKind.Branch("z", (StepKind.Single) job("z", "3").kind())));
    JobId flow =
        world.begin(
            FlowSpec.of("race", List.of(step("r", race), job("end", "{\"$from\":\"r\"}", "r"))));
    Map<Integer, Task> out = world.tasks("r");
    assertEquals(3, out.size());
    world.finish(world.task("r", 1), new Outcome.Succeeded(JsonBytes.of("\"y\"")));
    world.finish(world.task("r", 0), new Outcome.Succeeded(JsonBytes.of("\"x\"")));
    world.settle();
    assertEquals(StepState.SUCCEEDED, world.state(flow, "r"));
    String result = world.task("end").payload().toString();
    int winner = world.step(flow, "r").winner();
    assertEquals(
        winner == 1 ? "{\"branch\":\"x\",\"result\":\"x\"}" : "{\"branch\":\"y\",\"result\":\"y\"}",
        result);
    assertEquals(2, world.jobs(JobState.SUCCEEDED));
    assertEquals(1, world.jobs(JobState.CANCELLED));
  }

  @Test
  void shouldWinARace_byAnEvent() {
    StepKind race =
        new StepKind.Race(
            List.of(
                new StepKind.Branch("x", (StepKind.Single) job("x", "1").kind()),
                new StepKind.Branch("w", wait("go", 60))));
    JobId flow = world.begin(FlowSpec.of("race", List.of(step("r", race))));
    world.tell(new SignalFlow(flow, "go", JsonBytes.of("1")));
    assertEquals(FlowState.SUCCEEDED, world.state(flow));
    assertEquals(1, world.step(flow, "r").winner());
    assertEquals(1, world.jobs(JobState.CANCELLED));
    world.pass(Duration.ofSeconds(70));
    assertEquals(List.of(), world.quarantined);
  }

  /** Hazard F18. */
  @Test
  void shouldCancelWhatIsThereForTheEnd_whenAUserSaysAll() {
    JobId flow =
        world.begin(
            FlowSpec.of(
                "hangs",
                List.of(job("a", "1"), job("tell", "2", "*").withWhen(StepSpec.When.ENDED))));
    world.tell(new CancelFlow(flow, false));
    assertEquals(1, world.tasks("tell").size());
    assertEquals(FlowState.ENDING, world.state(flow));
    world.tell(new CancelFlow(flow, false));
    assertEquals(FlowState.ENDING, world.state(flow));
    world.tell(new CancelFlow(flow, true));
    assertEquals(FlowState.CANCELLED, world.state(flow));
    assertEquals(0, world.tasks.size());
  }
}
