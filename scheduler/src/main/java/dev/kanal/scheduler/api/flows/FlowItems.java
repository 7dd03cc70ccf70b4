package dev.kanal.scheduler.api.flows;

import static dev.kanal.scheduler.api.door.CallThreads.await;

import dev.kanal.common.error.ErrorCode;
import dev.kanal.common.flow.StepKind;
import dev.kanal.common.flow.plan.StepCounts;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.Owner;
import dev.kanal.common.log.FlowEntry.AddItems;
import dev.kanal.common.log.FlowItem;
import dev.kanal.scheduler.api.http.Answer;
import dev.kanal.scheduler.api.http.Failures;
import dev.kanal.scheduler.api.jobs.Commands;
import dev.kanal.scheduler.api.json.Json;
import dev.kanal.scheduler.api.json.JsonBody;
import dev.kanal.scheduler.api.json.LineReader;
import dev.kanal.scheduler.api.json.Quoted;
import dev.kanal.scheduler.api.problem.FieldError;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.api.problem.RefusedException;
import dev.kanal.scheduler.api.spec.JobParser;
import dev.kanal.scheduler.engine.query.FlowView;
import dev.kanal.scheduler.engine.query.StepView;
import dev.kanal.scheduler.queues.QueueDirectory;
import java.util.ArrayList;
import java.util.List;

/** Members that clients add to a step, a line each. On a call's own thread. */
record FlowItems(
    AtFlow at, Commands commands, JobParser parser, QueueDirectory queues, int lineMax) {
  /** The most bytes of one request. */
  static final int BODY_MAX = 960 << 10;

  /**
   * What a client adds.
   *
   * @param sequence one more than that of the request before
   * @param close whether no more will come
   */
  record Adding(String step, long sequence, boolean close) {}

  /**
   * Adds items.
   *
   * @param body a line an item
   */
  Answer add(JobId flow, Adding adding, byte[] body) throws RefusedException {
    FlowView before = at.find(flow);
    StepView step = step(before, adding.step);
    if (adding.sequence <= step.sequence()) {
      return answer(before, adding).with("Idempotency-Replayed", "true");
    }
    refuse(before, step, adding.sequence);
    List<FlowItem> items = items(body, step.spec().kind() instanceof StepKind.Group);
    AddItems entry = new AddItems(flow, adding.step, adding.sequence, items, adding.close);
    await(commands.apply(flow.shard(), entry), Commands::problem);
    FlowView after = at.find(flow);
    if (step(after, adding.step).sequence() < adding.sequence) {
      refuse(after, step(after, adding.step), adding.sequence);
      return Answer.problem(tooWide());
    }
    return answer(after, adding);
  }

  private static StepView step(FlowView flow, String name) throws RefusedException {
    StepView step = flow.step(name);
    if (step == null) {
      throw new RefusedException(
          Problem.of(
              ErrorCode.NOT_FOUND,
              "Expected a step of the flow, but there is no " + Quoted.of(name)));
    }
    if (!step.spec().kind().isFed()) {
      throw new RefusedException(
          Problem.of(
              ErrorCode.CONFLICT,
              "Expected a group or a map over a stream, but " + name + " is neither"));
    }
    return step;
  }

  private static void refuse(FlowView flow, StepView step, long sequence) throws RefusedException {
    FlowCommands.refuseFinal(flow);
    StepCounts counts = step.counts();
    if (step.state().isFinal() || (counts != null && counts.sealed())) {
      throw new RefusedException(
          Problem.of(
              ErrorCode.STEP_CLOSED,
              "Expected a step that takes items, but " + step.spec().name() + " is closed"));
    }
    if (sequence != step.sequence() + 1) {
      throw new RefusedException(
          Problem.of(
              ErrorCode.SEQ_EXPECTED,
              "Expected seq=" + (step.sequence() + 1) + ", but got " + sequence));
    }
    if (step.unlaunched() > AddItems.WAITING_MAX) {
      throw new RefusedException(
          Problem.later(
              ErrorCode.STEP_FULL,
              "Expected at most "
                  + AddItems.WAITING_MAX
                  + " items that have not begun, but "
                  + step.unlaunched()
                  + " wait in step "
                  + step.spec().name(),
              1));
    }
  }

  private static Problem tooWide() {
    return Problem.of(
        ErrorCode.CONFLICT,
        "Expected at most " + Owner.INDICES + " members of a step, but there would be more");
  }

  private List<FlowItem> items(byte[] body, boolean whole) throws RefusedException {
    List<FlowItem> items = new ArrayList<>();
    List<FieldError> errors = new ArrayList<>();
    LineReader lines = new LineReader(lineMax);
    lines.feed(body);
    while (lines.next() || lines.last()) {
      if (lines.isBlank()) {
        continue;
      }
      if (items.size() == AddItems.MAX) {
        throw new RefusedException(
            Problem.of(
                ErrorCode.PAYLOAD_TOO_LARGE,
                "Expected at most " + AddItems.MAX + " items in a request, but got more"));
      }
      try {
        items.add(item(lines, whole));
      } catch (RefusedException e) {
        errors.add(new FieldError("", "line " + lines.number() + ": " + e.problem().detail()));
        if (errors.size() == 20) {
          break;
        }
      }
    }
    if (!errors.isEmpty()) {
      throw new RefusedException(Problem.invalid(errors));
    }
    return items;
  }

  private FlowItem item(LineReader line, boolean whole) throws RefusedException {
    if (line.tooLong()) {
      throw new RefusedException(Problem.payloadTooLarge(lineMax));
    }
    if (!whole) {
      return new FlowItem.Value(
          JsonBody.read(
              line.bytes(),
              line.from(),
              line.length(),
              json -> JsonBody.value(json, line.bytes(), line.from())));
    }
    switch (parser.parse(line.bytes(), line.from(), line.length())) {
      case JobParser.Parsed.Refused(Problem problem) -> throw new RefusedException(problem);
      case JobParser.Parsed.Job(JobSpec spec) -> {
        if (spec.idempotency() != null) {
          throw new RefusedException(
              Problem.invalid(
                  List.of(
                      new FieldError(
                          "/idempotencyKey",
                          "Expected a job of a group without idempotencyKey, but it has one"))));
        }
        var ready = await(queues.ensure(spec.queue(), spec.priority()), Failures::noQueue);
        if (ready == QueueDirectory.Readiness.UNKNOWN) {
          throw new RefusedException(Problem.unknownQueue(spec.queue()));
        }
        return new FlowItem.Whole(spec);
      }
    }
  }

  private static Answer answer(FlowView flow, Adding adding) throws RefusedException {
    StepView step = step(flow, adding.step);
    StepCounts counts = step.counts();
    int width = counts == null ? 0 : counts.width();
    return Answer.json(
        200,
        Json.write(
            128,
            (out, _) -> {
              out.writeStartObject();
              out.writeNumberField("seq", step.sequence());
              out.writeNumberField("width", width);
              out.writeNumberField("unlaunched", step.unlaunched());
              out.writeBooleanField("closed", counts != null && counts.sealed());
              out.writeEndObject();
            }));
  }
}
