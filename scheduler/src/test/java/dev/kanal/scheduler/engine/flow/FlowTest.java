package dev.kanal.scheduler.engine.flow;

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
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Outcome;
import dev.kanal.common.job.Retention;
import dev.kanal.common.log.FlowEntry;
import dev.kanal.common.log.LogEntry;
import dev.kanal.common.task.Task;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Flows over several shards: what their users see. */
final class FlowTest {
  private final FlowWorld world = new FlowWorld(4);

  static StepSpec job(String name, String payload, String... needs) {
    JobSpec spec = JobSpec.of("sum", JsonBytes.of(payload)).withRetry(FlowWorld.once());
    return StepSpec.of(name, new StepKind.Job(spec)).withNeeds(List.of(needs));
  }

  static StepSpec map(String name, Over over, FanOut fanOut, String... payloads) {
    List<JobSpec> chain =
        List.of(payloads).stream()
            .map(each -> JobSpec.of("sum", JsonBytes.of(each)).withRetry(FlowWorld.once()))
            .toList();
    return StepSpec.of(name, new StepKind.Map(over, fanOut, chain));
  }

  static FanOut atOnce(int atOnce) {
    return new FanOut(atOnce, Tolerance.Failures.NONE, null, false);
  }

  @Test
  void shouldRunStepsInOrder_andGiveResultsOn() {
    JobId flow =
        world.begin(
            FlowSpec.of(
                    "two",
                    List.of(
                        job("a", "{\"x\":{\"$input\":\"/n\"}}"),
                        job("b", "{\"y\":{\"$from\":\"a\",\"at\":\"/sum\"}}", "a")))
                .withInput(JsonBytes.of("{\"n\":7}"))
                .withOutput(JsonBytes.of("{\"$from\":\"b\"}")));
    Task first = world.task("a");
    assertEquals("{\"x\":7}", first.payload().toString());
    assertEquals(StepState.WAITING, world.state(flow, "b"));
    world.succeed(first, "{\"sum\":8}");
    Task second = world.task("b");
    assertEquals("{\"y\":8}", second.payload().toString());
    world.succeed(second, "9");
    assertEquals(FlowState.SUCCEEDED, world.state(flow));
    assertEquals(0, world.flow(flow).openMembers());
    FlowTables.Results output =
        world
            .stores
            .get(0)
            .get(FlowTables.RESULTS, new FlowTables.Part(flow, FlowTables.OF_FLOW, 0));
    assertEquals("9", output == null ? "" : output.results().getFirst().json().toString());
    assertEquals(List.of(), world.quarantined);
  }

  /** From a finished job to the next job's task: the record of its end, and one tick. */
  @Test
  void shouldNeedOneTick_fromAFinishedJobToTheNextTask() {
    JobId flow = world.begin(FlowSpec.of("two", List.of(job("a", "1"), job("b", "2", "a"))));
    Task first = world.task("a");
    assertEquals(flow.shard(), first.job().shard());
    world.finish(first, new Outcome.Succeeded(JsonBytes.of("1")));
    assertTrue(world.read(0));
    assertTrue(world.tasks("b").isEmpty());
    assertTrue(world.tick(0));
    assertEquals(1, world.tasks("b").size());
  }

  @Test
  void shouldRunEveryMemberOnce_andNoMoreThanTheWindowAtOnce() {
    int width = 1_000;
    JobId flow =
        world.begin(
            FlowSpec.of(
                "wide",
                List.of(
                    map("m", new Over.Range(0, width, 1), atOnce(50), "{\"i\":{\"$item\":\"\"}}"),
                    job("end", "{\"all\":{\"$from\":\"m\"}}", "m"))));
    int ended = 0;
    while (!world.tasks("m").isEmpty()) {
      var out = world.tasks("m");
      assertTrue(out.size() <= 50, () -> "out: " + out.size());
      for (var each : out.entrySet()) {
        assertEquals("{\"i\":" + each.getKey() + "}", each.getValue().payload().toString());
        world.succeed(each.getValue(), "1");
        ended++;
      }
      world.skip(Duration.ofMillis(20));
    }
    assertEquals(width, ended);
    assertEquals(width, world.counts(flow, "m").succeeded());
    assertTrue(world.sent.values().stream().allMatch(each -> each == 1));
    String all = world.task("end").payload().toString();
    assertTrue(all.startsWith("{\"all\":{\"count\":1000,\"succeeded\":1000,\"failed\":0,"), all);
    world.succeed("end", "1");
    assertEquals(FlowState.SUCCEEDED, world.state(flow));
    assertEquals(0, world.count('1') + world.count('2') + world.count('P') + world.count('Y'));
  }

  /** Hazard F7. */
  @Test
  void shouldSucceedAtOnce_whenThereIsNothingToGoOver() {
    JobId flow =
        world.begin(
            FlowSpec.of(
                "none",
                List.of(
                    map("m", new Over.Items(JsonBytes.of("[]")), atOnce(5), "1"),
                    job("end", "{\"$from\":\"m\",\"at\":\"/count\"}", "m"))));
    assertEquals(StepState.SUCCEEDED, world.state(flow, "m"));
    assertEquals("0", world.task("end").payload().toString());
  }

  @Test
  void shouldGoOverTheArrayOfAResult() {
    JobId flow =
        world.begin(
            FlowSpec.of(
                "items",
                List.of(
                    job("list", "1"),
                    map(
                            "m",
                            new Over.Items(JsonBytes.of("{\"$from\":\"list\",\"at\":\"/files\"}")),
                            new FanOut(2, Tolerance.Failures.NONE, null, true),
                            "{\"f\":{\"$item\":\"/n\"},\"i\":{\"$index\":\"\"}}")
                        .withNeeds(List.of("list")),
                    job("end", "{\"$from\":\"m\"}", "m"))));
    world.succeed("list", "{\"files\":[{\"n\":\"a\"},{\"n\":\"b\"},{\"n\":\"c\"}]}");
    for (int i = 0; i < 3; i++) {
      Task task = world.task("m", i);
      assertEquals(
          "{\"f\":\"" + (char) ('a' + i) + "\",\"i\":" + i + "}", task.payload().toString());
      world.succeed(task, "" + (i * i));
    }
    assertEquals("[0,1,4]", world.task("end").payload().toString());
    world.succeed("end", "1");
    assertEquals(FlowState.SUCCEEDED, world.state(flow));
    assertEquals(0, world.count('I'));
  }

  /** A member whose input cannot be made ends by itself, and the flow goes on. */
  @Test
  void shouldEndOneMember_whenItsInputIsMissing() {
    JobId flow =
        world.begin(
            FlowSpec.of(
                "items",
                List.of(
                    map(
                        "m",
                        new Over.Items(JsonBytes.of("[{\"n\":1},{},{\"n\":3}]")),
                        new FanOut(10, new Tolerance.Failures(1), null, false),
                        "{\"$item\":\"/n\"}"))));
    assertEquals(2, world.tasks("m").size());
    assertEquals(1, world.jobs(JobState.DEAD));
    for (Task each : world.tasks("m").values()) {
      world.succeed(each, "1");
    }
    assertEquals(FlowState.SUCCEEDED, world.state(flow));
    assertEquals(1, world.counts(flow, "m").failed());
    assertEquals(List.of(), world.quarantined);
  }

  @Test
  void shouldCancelTheOthers_whenAStepFails() {
    JobId flow =
        world.begin(
            FlowSpec.of(
                "fast",
                List.of(
                    map("m", new Over.Range(0, 100_000, 1), atOnce(200), "1"),
                    job("other", "1"),
                    job("next", "1", "m"),
                    job("tell", "{\"$flow\":\"/failed\"}", "*").withWhen(StepSpec.When.ENDED))));
    assertEquals(200, world.tasks("m").size());
    world.fail(world.task("m", 0));
    assertEquals(StepState.FAILED, world.state(flow, "m"));
    assertEquals(FlowReason.MEMBERS_FAILED, world.step(flow, "m").reason());
    assertEquals(StepState.CANCELLED, world.state(flow, "other"));
    assertEquals(StepState.SKIPPED, world.state(flow, "next"));
    assertEquals(200, world.step(flow, "m").next(), "no member was made after that");
    assertEquals("[\"m\"]", world.task("tell").payload().toString());
    assertEquals(FlowState.ENDING, world.state(flow));
    world.succeed("tell", "1");
    assertEquals(FlowState.FAILED, world.state(flow));
    assertEquals(0, world.flow(flow).openMembers());
  }

  @Test
  void shouldEndWithItsMembers_whenAUserCancels() {
    JobId flow =
        world.begin(
            FlowSpec.of(
                "wide", List.of(map("m", new Over.Range(0, 5_000, 1), atOnce(1_000), "1"))));
    assertEquals(1_000, world.tasks("m").size());
    world.tell(new FlowEntry.CancelFlow(flow, false));
    world.skip(Duration.ofMillis(20));
    assertEquals(FlowState.CANCELLED, world.state(flow));
    assertEquals(1_000, world.jobs(JobState.CANCELLED));
    assertEquals(0, world.flow(flow).openMembers());
  }

  /** A timer that is due when it is set is served at once, by a tick that the shard asks for. */
  @Test
  void shouldForgetItAtOnce_whenItIsNotToBeKept() {
    FlowSpec kept = FlowSpec.of("short", List.of(job("a", "1")));
    FlowSpec spec =
        new FlowSpec(
            kept.name(),
            kept.input(),
            kept.steps(),
            kept.onFailure(),
            null,
            kept.tags(),
            new Retention(Duration.ZERO, Duration.ZERO),
            null,
            null);
    world.begin(spec);
    world.succeed("a", "1");
    assertEquals(0, world.count('G') + world.count('D') + world.count('j') + world.count('3'));
  }

  /** A member is cancelled by a user as any job is; its step then fails. */
  @Test
  void shouldFail_whenAUserCancelsAMember() {
    JobId flow = world.begin(FlowSpec.of("one", List.of(job("a", "1"))));
    Task task = world.task("a");
    world.append(0, new LogEntry.Cancel(task.job(), null));
    world.settle();
    assertEquals(FlowState.FAILED, world.state(flow));
  }

  /** A step whose input cannot be made fails, and the others are cancelled. */
  @Test
  void shouldFail_whenWhatAStepNeedsIsNotThere() {
    JobId flow =
        world.begin(
            FlowSpec.of(
                    "missing",
                    List.of(
                        job("a", "1"),
                        job("b", "{\"$from\":\"a\",\"at\":\"/none\"}", "a"),
                        map("m", new Over.Items(JsonBytes.of("{\"$from\":\"a\"}")), atOnce(5), "1")
                            .withNeeds(List.of("a"))
                            .withOptional(true),
                        job("c", "{\"$from\":\"m\"}", "m")))
                .withOnFailure(FlowSpec.OnFailure.CONTINUE));
    world.succeed("a", "{}");
    assertEquals(FlowReason.INPUT_MISSING, world.step(flow, "b").reason());
    assertEquals(FlowReason.INPUT_NO_ARRAY, world.step(flow, "m").reason());
    assertEquals("null", world.task("c").payload().toString());
    world.succeed("c", "1");
    assertEquals(FlowState.FAILED, world.state(flow));
  }

  @Test
  void shouldForgetItsMembers_whenItsRetentionIsOver() {
    JobId flow =
        world.begin(
            FlowSpec.of(
                "wide",
                List.of(
                    map("m", new Over.Range(0, 700, 1), atOnce(1_000), "1"),
                    map("c", new Over.Range(0, 10, 1), atOnce(10), "1", "2"),
                    new StepSpec(
                        "w",
                        List.of(),
                        StepSpec.When.SUCCEEDED,
                        false,
                        new StepKind.Wait("go", null)))));
    world.tell(new FlowEntry.SignalFlow(flow, "go", JsonBytes.of("1")));
    while (!world.tasks.isEmpty()) {
      for (Task each : List.copyOf(world.tasks.values())) {
        world.succeed(each, "1");
      }
      world.skip(Duration.ofMillis(20));
    }
    assertEquals(FlowState.SUCCEEDED, world.state(flow));
    assertEquals(720, world.count('j'));
    world.skip(Duration.ofHours(23));
    assertEquals(720, world.count('j'));
    world.skip(Duration.ofHours(2));
    world.pass(Duration.ofSeconds(2));
    String left = "";
    for (char letter : "jDGQCIREY123PhOipr".toCharArray()) {
      left += world.count(letter) == 0 ? "" : letter + "=" + world.count(letter) + " ";
    }
    assertEquals("", left);
    assertEquals(List.of(), world.quarantined);
  }
}
