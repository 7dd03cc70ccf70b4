package dev.kanal.scheduler.engine.reference;

import dev.kanal.common.flow.FanOut;
import dev.kanal.common.flow.FlowSpec;
import dev.kanal.common.flow.Over;
import dev.kanal.common.flow.StepKind;
import dev.kanal.common.flow.StepSpec;
import dev.kanal.common.flow.Tolerance;
import dev.kanal.common.job.JobKey;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.RetryPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Random definitions of flows: all kinds of steps, some of which refer to others. */
final class ModelDefinition {
  private ModelDefinition() {}

  static FlowSpec random(RandomGenerator random, Instant now) {
    int count = 1 + random.nextInt(5);
    List<StepSpec> steps = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      List<String> needs = new ArrayList<>();
      for (int k = 0; k < i; k++) {
        if (random.nextInt(3) == 0) {
          needs.add("s" + k);
        }
      }
      StepSpec.When when = random.nextInt(5) == 0 ? StepSpec.When.ENDED : StepSpec.When.SUCCEEDED;
      steps.add(
          StepSpec.of("s" + i, kind(random, needs))
              .withNeeds(needs)
              .withWhen(when)
              .withOptional(random.nextInt(6) == 0));
    }
    return FlowSpec.of("model", steps)
        .withOnFailure(
            random.nextBoolean() ? FlowSpec.OnFailure.CANCEL : FlowSpec.OnFailure.CONTINUE)
        .withDeadline(random.nextInt(4) == 0 ? now.plusSeconds(1 + random.nextInt(60)) : null);
  }

  private static StepKind kind(RandomGenerator random, List<String> needs) {
    String from =
        needs.isEmpty() ? "1" : "{\"$from\":\"" + needs.getFirst() + "\",\"or\":{\"r\":[7]}}";
    return switch (random.nextInt(7)) {
      case 0 -> new StepKind.Wait("e", Duration.ofSeconds(1 + random.nextInt(20)));
      case 1 ->
          new StepKind.Race(
              List.of(
                  new StepKind.Branch("a", new StepKind.Job(spec(random, "1"))),
                  new StepKind.Branch("b", new StepKind.Job(spec(random, from))),
                  new StepKind.Branch("c", new StepKind.Wait("e", Duration.ofSeconds(30)))));
      case 2 ->
          new StepKind.Map(
              new Over.Stream(Duration.ofMinutes(5)), fanOut(random), List.of(spec(random, "1")));
      case 3 -> new StepKind.Map(items(random, from), fanOut(random), chain(random));
      case 4 ->
          new StepKind.Map(
              new Over.Range(0, random.nextInt(150), 1),
              fanOut(random),
              List.of(spec(random, "{\"$item\":\"\"}")));
      default -> new StepKind.Job(spec(random, from));
    };
  }

  private static Over items(RandomGenerator random, String from) {
    boolean literal = from.equals("1") || random.nextBoolean();
    String array =
        literal ? "[1,2,{\"r\":3},4]" : from.replace("\"or\":{\"r\":[7]}", "\"or\":[7,8]");
    return new Over.Items(JsonBytes.of(array));
  }

  private static List<JobSpec> chain(RandomGenerator random) {
    List<JobSpec> chain = new ArrayList<>();
    chain.add(spec(random, "{\"$item\":\"\"}"));
    for (int i = random.nextInt(3); i > 0; i--) {
      chain.add(spec(random, random.nextBoolean() ? "{\"$prev\":\"/r\"}" : "{\"$item\":\"\"}"));
    }
    return chain;
  }

  private static FanOut fanOut(RandomGenerator random) {
    Tolerance tolerance =
        random.nextBoolean()
            ? new Tolerance.Failures(random.nextInt(3))
            : new Tolerance.Percent(random.nextInt(100));
    return new FanOut(1 + random.nextInt(40), tolerance, null, random.nextInt(3) == 0);
  }

  private static JobSpec spec(RandomGenerator random, String payload) {
    JobSpec spec =
        JobSpec.of("sum", JsonBytes.of(payload))
            .withRetry(new RetryPolicy(1, RetryPolicy.DEFAULT.backoff()));
    return random.nextInt(4) == 0 ? spec.withKey(new JobKey("k" + random.nextInt(4), 50)) : spec;
  }
}
