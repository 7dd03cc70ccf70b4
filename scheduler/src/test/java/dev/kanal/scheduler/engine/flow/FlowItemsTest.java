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
import dev.kanal.common.job.JobKey;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.log.FlowEntry.AddItems;
import dev.kanal.common.log.FlowEntry.CancelFlow;
import dev.kanal.common.log.FlowItem;
import dev.kanal.common.task.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Members that come from outside, and members that pass several stages. */
final class FlowItemsTest {
  private final FlowWorld world = new FlowWorld(4);

  private static List<FlowItem> values(int from, int to) {
    List<FlowItem> items = new ArrayList<>();
    for (int i = from; i < to; i++) {
      items.add(new FlowItem.Value(JsonBytes.of("{\"n\":" + i + "}")));
    }
    return items;
  }

  private static FlowSpec stream(int atOnce, Duration idle) {
    return FlowSpec.of(
        "stream",
        List.of(
            map("m", new Over.Stream(idle), atOnce(atOnce), "{\"$item\":\"/n\"}"),
            job("end", "{\"$from\":\"m\",\"at\":\"/count\"}", "m")));
  }

  private void add(JobId flow, String step, long sequence, List<FlowItem> items, boolean close) {
    world.tell(new AddItems(flow, step, sequence, items, close));
  }

  @Test
  void shouldRunItemsAsTheyCome_untilTheStreamIsClosed() {
    JobId flow = world.begin(stream(3, Duration.ofMinutes(1)));
    add(flow, "m", 1, values(0, 5), false);
    assertEquals(3, world.tasks("m").size());
    assertEquals("0", world.task("m", 0).payload().toString());
    while (!world.tasks("m").isEmpty()) {
      world.succeed(world.tasks("m").values().iterator().next(), "1");
    }
    assertEquals(StepState.RUNNING, world.state(flow, "m"));
    add(flow, "m", 2, values(5, 7), true);
    assertEquals("5", world.task("m", 5).payload().toString());
    world.succeed(world.task("m", 5), "1");
    world.succeed(world.task("m", 6), "1");
    assertEquals("7", world.task("end").payload().toString());
    assertEquals(0, world.count('I'));
  }

  /** Hazard F7. */
  @Test
  void shouldTakeASequenceOnce_andNothingAfterTheClose() {
    JobId flow = world.begin(stream(10, Duration.ofMinutes(1)));
    add(flow, "m", 1, values(0, 2), false);
    long taken = world.flow(flow).commandOffset();
    add(flow, "m", 1, values(0, 2), false);
    add(flow, "m", 3, values(0, 2), false);
    assertEquals(taken, world.flow(flow).commandOffset());
    assertEquals(2, world.counts(flow, "m").width());
    add(flow, "m", 2, List.of(), true);
    add(flow, "m", 3, values(0, 2), false);
    add(flow, "m", 3, List.of(), true);
    assertEquals(2, world.step(flow, "m").sequence());
    assertEquals(2, world.counts(flow, "m").width());
  }

  @Test
  void shouldFail_whenNothingComesForTooLong() {
    JobId flow = world.begin(stream(10, Duration.ofSeconds(30)));
    world.skip(Duration.ofSeconds(20));
    add(flow, "m", 1, values(0, 1), false);
    world.skip(Duration.ofSeconds(20));
    assertEquals(FlowState.RUNNING, world.state(flow));
    world.skip(Duration.ofSeconds(20));
    assertEquals(FlowState.FAILED, world.state(flow));
    assertEquals(FlowReason.STREAM_IDLE, world.step(flow, "m").reason());
    assertEquals(1, world.jobs(JobState.CANCELLED));
  }

  /** A bounded channel. */
  @Test
  void shouldTakeNoMoreItems_whenTooManyWait() {
    JobId flow = world.begin(stream(1, Duration.ofMinutes(1)));
    int sequence = 0;
    for (int i = 0; i < 12; i++) {
      add(flow, "m", ++sequence, values(0, AddItems.MAX), false);
    }
    int width = world.counts(flow, "m").width();
    assertTrue(width > AddItems.WAITING_MAX, () -> "width " + width);
    assertTrue(width <= AddItems.WAITING_MAX + 2 * AddItems.MAX, () -> "width " + width);
  }

  @Test
  void shouldRunTheJobsOfAGroup_whereverTheyLive() {
    FanOut fanOut = new FanOut(100, new Tolerance.Failures(1), null, false);
    JobId flow =
        world.begin(
            FlowSpec.of(
                "group",
                List.of(
                    StepSpec.of("g", new StepKind.Group(Duration.ofMinutes(1), fanOut)),
                    job("end", "1", "g"))));
    List<FlowItem> jobs = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      JobSpec spec = JobSpec.of("mail", JsonBytes.of("" + i)).withRetry(FlowWorld.once());
      jobs.add(new FlowItem.Whole(i % 2 == 0 ? spec : spec.withKey(new JobKey("k" + i, 1))));
    }
    add(flow, "g", 1, jobs, true);
    Set<Integer> shards = new HashSet<>();
    assertEquals(20, world.tasks("g").size());
    for (var each : List.copyOf(world.tasks("g").entrySet())) {
      Task task = each.getValue();
      assertEquals("" + each.getKey(), task.payload().toString());
      assertEquals("mail", task.type());
      shards.add(task.job().shard());
      if (each.getKey() == 7) {
        world.fail(task);
      } else {
        world.succeed(task, "1");
      }
    }
    assertTrue(shards.size() > 1, () -> "all in " + shards);
    assertEquals(1, world.counts(flow, "g").failed());
    assertEquals(1, world.tasks("end").size());
  }

  @Test
  void shouldLeadEachMemberThroughItsStages() {
    FanOut collect = new FanOut(3, Tolerance.Failures.NONE, null, true);
    JobId flow =
        world.begin(
            FlowSpec.of(
                "chain",
                List.of(
                    map(
                        "c",
                        new Over.Items(JsonBytes.of("[\"a\",\"b\",\"c\",\"d\",\"e\"]")),
                        collect,
                        "{\"one\":{\"$item\":\"\"}}",
                        "{\"two\":{\"$prev\":\"/r\"},\"i\":{\"$index\":\"\"}}",
                        "{\"three\":{\"$item\":\"\"},\"p\":{\"$prev\":\"\"}}"),
                    job("end", "{\"$from\":\"c\"}", "c"))));
    assertEquals(3, world.tasks("c").size());
    Set<JobId> jobs = new HashSet<>();
    for (int i = 0; i < 5; i++) {
      String item = "\"" + (char) ('a' + i) + "\"";
      Task first = world.task("c", i);
      assertEquals("{\"one\":" + item + "}", first.payload().toString());
      world.succeed(first, "{\"r\":" + i + "}");
      Task second = world.task("c", i);
      assertEquals("{\"two\":" + i + ",\"i\":" + i + "}", second.payload().toString());
      world.succeed(second, "" + 10 * i);
      Task third = world.task("c", i);
      assertEquals("{\"three\":" + item + ",\"p\":" + 10 * i + "}", third.payload().toString());
      world.succeed(third, "" + 100 * i);
      jobs.addAll(List.of(first.job(), second.job(), third.job()));
    }
    assertEquals(15, jobs.size());
    assertEquals("[0,100,200,300,400]", world.task("end").payload().toString());
    assertEquals(5, world.counts(flow, "c").succeeded());
  }

  /** The next stage is made in the tick that hears of the end of the one before. */
  @Test
  void shouldNeedOneTick_fromStageToStage() {
    world.begin(
        FlowSpec.of("chain", List.of(map("c", new Over.Range(0, 1, 1), atOnce(1), "1", "2"))));
    Task first = world.task("c");
    world.finish(first, new dev.kanal.common.job.Outcome.Succeeded(JsonBytes.of("1")));
    assertTrue(world.read(0));
    assertTrue(world.tick(0));
    assertEquals("2", world.task("c").payload().toString());
  }

  @Test
  void shouldEndTheMember_whenAStageFails() {
    JobId flow =
        world.begin(
            FlowSpec.of(
                "chain",
                List.of(
                    map(
                        "c",
                        new Over.Range(0, 3, 1),
                        new FanOut(3, new Tolerance.Failures(2), null, false),
                        "1",
                        "{\"$prev\":\"/r\"}"))));
    world.fail(world.task("c", 0));
    world.succeed(world.task("c", 1), "{}");
    world.succeed(world.task("c", 2), "{\"r\":1}");
    world.succeed(world.task("c", 2), "1");
    assertEquals(FlowState.SUCCEEDED, world.state(flow));
    assertEquals(2, world.counts(flow, "c").failed());
    assertEquals(List.of(), world.quarantined);
  }

  @Test
  void shouldCancelTheStageThatIsOut_whereverItLives() {
    JobSpec keyed =
        JobSpec.of("sum", JsonBytes.of("2")).withKey(new JobKey("k", 100)).withQueue("default");
    StepKind chain =
        new StepKind.Map(
            new Over.Range(0, 8, 1),
            atOnce(8),
            List.of(JobSpec.of("sum", JsonBytes.of("1")), keyed));
    JobId flow = world.begin(FlowSpec.of("chain", List.of(StepSpec.of("c", chain))));
    for (int i = 0; i < 4; i++) {
      world.succeed(world.task("c", i), "1");
    }
    assertEquals(8, world.tasks("c").size());
    assertEquals(
        1,
        world.tasks("c").values().stream()
            .filter(each -> each.payload().toString().equals("2"))
            .map(each -> each.job().shard())
            .distinct()
            .count());
    world.tell(new CancelFlow(flow, false));
    assertEquals(FlowState.CANCELLED, world.state(flow));
    assertEquals(8, world.jobs(JobState.CANCELLED));
    assertEquals(4, world.jobs(JobState.SUCCEEDED));
    world.skip(Duration.ofDays(31));
    world.skip(Duration.ofMinutes(2));
    assertEquals(0, world.count('h') + world.count('3') + world.count('G'));
    // Those with a key are kept as long as a handler may run them, and have no flow any more.
    assertEquals(4, world.count('j'));
  }
}
