package dev.kanal.common.flow;

import static dev.kanal.common.flow.Steps.await;
import static dev.kanal.common.flow.Steps.echo;
import static dev.kanal.common.flow.Steps.flow;
import static dev.kanal.common.flow.Steps.job;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.flow.StepSpec.When;
import dev.kanal.common.job.JsonBytes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class FlowCheckTest {
  @Test
  void shouldFindNothing_whenAllIsWell() {
    FlowSpec spec =
        flow(
                job("list"),
                map("thumb", "{\"$from\":\"list\",\"at\":\"/files\"}", "{\"$item\":\"\"}", "list"),
                StepSpec.of("ok", await("approved", null)).withNeeds(List.of("thumb")),
                job("index", echo("{\"$from\":\"list\"}"), "ok"),
                job("undo", "list").withWhen(When.FAILED),
                job("tell", echo("{\"a\":{\"$flow\":\"\"}}"), "*").withWhen(When.ENDED))
            .withOutput(JsonBytes.of("{\"$from\":\"index\",\"at\":\"/url\"}"));

    assertEquals(List.of(), FlowCheck.problems(spec));
  }

  @Test
  void shouldFindNamesThatStandTwice() {
    assertProblem(
        flow(job("a"), job("b"), job("a")),
        "/steps/2/name",
        "Expected a name that no other step has, but got a again");
  }

  @Test
  void shouldFindNeedsThatAreNone() {
    assertProblem(
        flow(job("a", "b")),
        "/steps/0/needs/0",
        "Expected the name of a step, but there is none named b");
    assertProblem(
        flow(job("a"), job("b", "a", "a")),
        "/steps/1/needs/1",
        "Expected each need once, but got a again");
    assertProblem(
        flow(job("a"), job("b", "*").withWhen(When.FAILED)),
        "/steps/1/needs/0",
        "Expected the steps that must have succeeded as needs of a step that runs on failure, but"
            + " got *");
  }

  @Test
  void shouldFindCycles() {
    assertProblem(
        flow(job("a"), job("b", "c", "a"), job("c", "b")),
        "/steps/1/needs",
        "Expected steps without a cycle, but each of these needs the next: b, c, b");
  }

  @Test
  void shouldFindWorkThatWaitsForFailure() {
    assertProblem(
        flow(
            job("undo").withWhen(When.FAILED),
            job("tell", "undo").withWhen(When.ENDED),
            job("a", "tell")),
        "/steps/2/needs",
        "Expected no need on a step that runs on failure, directly or through others, as a runs on"
            + " success, but got one");
  }

  @Test
  void shouldFindTemplatesThatAreNone() {
    assertProblem(
        flow(job("a", echo("{\"x\":[{\"$form\":\"a\"}]}"))),
        "/steps/0/payload/x/0",
        "Expected one of $input, $from, $item, $index, $prev, $flow and $literal, but got $form;"
            + " data that looks so goes into {\"$literal\": …}");
    assertProblem(
        flow(map("m", "{\"a\":[]}", "1")),
        "/steps/0/map/over",
        "Expected an array, a reference to one, range or stream, but got another value");
  }

  @Test
  void shouldFindReferencesToWhatIsNotThere() {
    assertProblem(
        flow(job("a"), job("b", echo("{\"$from\":\"a\"}"))),
        "/steps/1/payload",
        "Expected a step that this one needs, directly or through others, as $from, but got a");
    assertProblem(
        flow(job("a")).withOutput(JsonBytes.of("{\"$from\":\"b\"}")),
        "/output",
        "Expected the name of a step as $from, but there is none named b");
    assertProblem(
        flow(job("a", echo("{\"$item\":\"\"}"))),
        "/steps/0/payload",
        "Expected $item in the stages of a map, but got it elsewhere");
    assertProblem(
        flow(map("m", "[]", "{\"$prev\":\"\"}")),
        "/steps/0/do/0/payload",
        "Expected $prev after the first stage, but got it in the first");
    assertProblem(
        flow(map("m", "[{\"$index\":\"\"}]", "1")),
        "/steps/0/map/over",
        "Expected $index in the stages of a map, but got it elsewhere");
  }

  @Test
  void shouldFindWhatIsTooLarge() {
    String most = "\"" + "a".repeat(FlowSpec.BYTES_MAX - 18) + "\"";
    assertEquals(List.of(), FlowCheck.problems(flow(job("a", echo(most)))));
    assertProblem(
        flow(job("ab", echo(most))), "", "Expected a flow of at most 262144 bytes, but got 262145");
  }

  @Test
  void shouldBoundEvents() {
    assertEquals(List.of(), FlowCheck.problems(FlowSpec.of("f", waits(100))));
    assertProblem(
        FlowSpec.of("f", waits(101)),
        "/steps",
        "Expected at most 100 different events, but got 101");
  }

  @Test
  void shouldTellManyProblems_butNotWithoutEnd() {
    List<StepSpec> steps = Collections.nCopies(200, job("a", "b"));
    assertEquals(FlowCheck.PROBLEMS_MAX, FlowCheck.problems(FlowSpec.of("f", steps)).size());
  }

  /** Definitions of any shape are checked without harm; those without problems have no cycle. */
  @Test
  void shouldCheckWhateverComes() {
    long seed = new Random().nextLong();
    var random = new Random(seed);
    int fine = 0;
    for (int i = 0; i < 5_000; i++) {
      List<StepSpec> steps = new ArrayList<>();
      int count = 1 + random.nextInt(8);
      for (int k = 0; k < count; k++) {
        List<String> needs = new ArrayList<>();
        while (random.nextInt(2) == 0) {
          needs.add(random.nextInt(9) == 0 ? StepSpec.ALL : "s" + random.nextInt(count));
        }
        When when = List.of(When.values()).get(random.nextInt(3));
        steps.add(job("s" + k, needs.toArray(String[]::new)).withWhen(when));
      }
      FlowSpec spec = FlowSpec.of("f", steps);
      FlowGraph graph = FlowGraph.of(spec);
      if (FlowCheck.problems(spec).isEmpty()) {
        fine++;
        assertEquals(List.of(), graph.cycle(), "seed " + seed);
        for (int k = 0; k < count; k++) {
          assertTrue(!graph.ancestors(k).get(k), "seed " + seed);
        }
      }
    }
    int found = fine;
    assertTrue(found > 200 && found < 4_800, () -> "fine " + found);
  }

  private static List<StepSpec> waits(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> StepSpec.of("s" + i, await("e" + i, null)))
        .toList();
  }

  private static StepSpec map(String name, String over, String payload, String... needs) {
    return StepSpec.of(
            name,
            new StepKind.Map(
                new Over.Items(JsonBytes.of(over)), FanOut.DEFAULT, List.of(echo(payload))))
        .withNeeds(List.of(needs));
  }

  private static void assertProblem(FlowSpec spec, String pointer, String detail) {
    assertEquals(List.of(new FlowCheck.Problem(pointer, detail)), FlowCheck.problems(spec));
  }
}
