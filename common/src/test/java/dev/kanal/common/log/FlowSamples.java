package dev.kanal.common.log;

import dev.kanal.common.context.TraceContext;
import dev.kanal.common.flow.FanOut;
import dev.kanal.common.flow.FlowSpec;
import dev.kanal.common.flow.Over;
import dev.kanal.common.flow.StepKind;
import dev.kanal.common.flow.StepSpec;
import dev.kanal.common.flow.Tolerance;
import dev.kanal.common.job.Idempotency;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Reason;
import dev.kanal.common.job.Retention;
import dev.kanal.common.template.Template;
import dev.kanal.common.template.TemplateException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Log entries that concern flows, by name. */
final class FlowSamples {
  private static final JobId FLOW = JobId.of(5, 1_700_000_000_123L, 0x1234_5678_9ABC_DEF0L);
  private static final JobId JOB = JobId.of(6, 1_700_000_000_123L, 7);
  private static final Instant AT = Instant.ofEpochMilli(1_700_000_001_000L);
  private static final TraceContext TRACE = new TraceContext(null, null, "tenant=7");
  private static final JobSpec SPEC = JobSpec.of("sum", JsonBytes.of("{\"a\":{\"$input\":\"\"}}"));

  private FlowSamples() {}

  static Map<String, LogEntry> all() {
    Map<String, LogEntry> all = new LinkedHashMap<>();
    all.put("start-flow", new FlowEntry.StartFlow(FLOW, full(), TRACE));
    FlowSpec least = FlowSpec.of("a", List.of(StepSpec.of("s", new StepKind.Job(SPEC))));
    all.put("start-flow-defaults", new FlowEntry.StartFlow(FLOW, least, TraceContext.NONE));
    all.put("cancel-flow", new FlowEntry.CancelFlow(FLOW, true));
    all.put("retry-flow", new FlowEntry.RetryFlow(FLOW, "thumb", AT));
    all.put("retry-flow-failed", new FlowEntry.RetryFlow(FLOW, null, null));
    all.put("signal-flow", new FlowEntry.SignalFlow(FLOW, "approved", JsonBytes.of("{}")));
    List<FlowItem> items =
        List.of(new FlowItem.Value(JsonBytes.of("1")), new FlowItem.Whole(SPEC.withQueue("q")));
    all.put("add-items", new FlowEntry.AddItems(FLOW, "all", 7, items, true));
    all.put("delete-flow", new FlowEntry.DeleteFlow(FLOW));
    List<FlowEntry.Member> members =
        List.of(new FlowEntry.Member(3, items.getFirst()), new FlowEntry.Member(600, null));
    all.put("members", new FlowEntry.Members(FLOW, "thumb", 2, template(), members));
    all.put("members-again", new FlowEntry.Members(FLOW, "thumb", 2, null, members));
    all.put(
        "cancel-members",
        new FlowEntry.CancelMembers(FLOW, "thumb", 2, Reason.RACE_LOST, List.of(3, 600)));
    all.put("forget-members", new FlowEntry.ForgetMembers(FLOW, "thumb", List.of(3, 600)));
    all.put("forget-step", new FlowEntry.ForgetStep(FLOW, "thumb"));
    all.put("forget-jobs", new FlowEntry.ForgetJobs(FLOW, List.of(JOB)));
    MemberEnd good = new MemberEnd(3, 1, JobState.SUCCEEDED, null, JOB, JsonBytes.of("42"));
    MemberEnd bad = new MemberEnd(600, 0, JobState.DEAD, Reason.INPUT_MISSING, null, null);
    all.put("ended", new FlowEntry.Ended(FLOW, "thumb", 2, List.of(good, bad)));
    return all;
  }

  private static FlowSpec full() {
    FanOut fanOut = new FanOut(500, new Tolerance.Percent(1), FanOut.Keep.FAILED, true);
    FanOut few = new FanOut(5, new Tolerance.Failures(3), null, false);
    StepKind.Wait wait = new StepKind.Wait("approved", Duration.ofDays(2));
    List<StepKind.Branch> branches =
        List.of(
            new StepKind.Branch("a", new StepKind.Job(SPEC)),
            new StepKind.Branch("b", new StepKind.Wait(null, Duration.ofSeconds(1))));
    Over.Items items = new Over.Items(JsonBytes.of("{\"$from\":\"list\"}"));
    return new FlowSpec(
        "nightly",
        JsonBytes.of("{\"b\":1}"),
        List.of(
            StepSpec.of("list", new StepKind.Job(SPEC)),
            StepSpec.of("thumb", new StepKind.Map(items, fanOut, List.of(SPEC, SPEC)))
                .withNeeds(List.of("list")),
            StepSpec.of("range", new StepKind.Map(new Over.Range(0, 9, 2), few, List.of(SPEC)))
                .withOptional(true),
            StepSpec.of(
                "stream",
                new StepKind.Map(new Over.Stream(Duration.ofMinutes(1)), few, List.of(SPEC))),
            StepSpec.of("group", new StepKind.Group(Duration.ofMinutes(2), few)),
            StepSpec.of("ok", wait),
            StepSpec.of("race", new StepKind.Race(branches)),
            StepSpec.of("tell", new StepKind.Job(SPEC))
                .withNeeds(List.of(StepSpec.ALL))
                .withWhen(StepSpec.When.ENDED)),
        FlowSpec.OnFailure.CONTINUE,
        AT,
        Map.of("team", "img", "a", "b"),
        new Retention(Duration.ofHours(1), Duration.ofDays(7)),
        JsonBytes.of("{\"$from\":\"list\"}"),
        new Idempotency("2026-12-01", 11, 12));
  }

  private static MemberTemplate template() {
    try {
      MemberTemplate.Stage stage =
          new MemberTemplate.Stage(
              SPEC.withPayload(JsonBytes.NULL).withDeadline(AT),
              Template.parse(JsonBytes.of("{\"f\":{\"$item\":\"/a\",\"or\":1}}")));
      return new MemberTemplate(
          MemberTemplate.Kind.CHAIN,
          List.of(stage, stage),
          TRACE,
          new MemberTemplate.Made(1_700_000_000_123L, 1),
          true,
          5);
    } catch (TemplateException e) {
      throw new IllegalStateException(e);
    }
  }
}
