package dev.kanal.scheduler.api.flows;

import static dev.kanal.scheduler.api.door.CallThreads.await;

import dev.kanal.common.error.ErrorCode;
import dev.kanal.common.flow.FlowGraph;
import dev.kanal.common.flow.FlowSpec;
import dev.kanal.common.flow.plan.FlowState;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.log.FlowEntry;
import dev.kanal.common.log.FlowEntry.CancelFlow;
import dev.kanal.common.log.FlowEntry.DeleteFlow;
import dev.kanal.common.log.FlowEntry.SignalFlow;
import dev.kanal.scheduler.api.http.Answer;
import dev.kanal.scheduler.api.jobs.Commands;
import dev.kanal.scheduler.api.json.Quoted;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.api.problem.RefusedException;
import dev.kanal.scheduler.engine.query.FlowView;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/** Commands to flows that live here. On a call's own thread. */
record FlowCommands(AtFlow at, Commands commands) {
  private static final Buffer TAKEN = Buffer.buffer("{\"taken\":true}");

  /** {@code POST …/cancel}. */
  Answer cancel(JobId flow, boolean all) throws RefusedException {
    refuseFinal(at.find(flow));
    long offset = apply(new CancelFlow(flow, all));
    FlowView after = at.find(flow);
    if (after.commandOffset() < offset && after.state() != FlowState.CANCELLED) {
      refuseFinal(after);
    }
    return Answer.json(200, FlowViewWriter.write(after));
  }

  /** {@code DELETE}. */
  Answer delete(JobId flow) throws RefusedException {
    FlowView before = at.find(flow);
    if (!before.state().isFinal()) {
      return Answer.problem(
          Problem.of(
              ErrorCode.CONFLICT,
              "Expected a flow that has ended, but it is " + before.state() + ": cancel it first"));
    }
    apply(new DeleteFlow(flow));
    return Answer.noContent();
  }

  /** {@code POST …/events/{event}}: the first of a name counts. */
  Answer signal(JobId flow, String event, JsonBytes payload) throws RefusedException {
    if (payload.length() > SignalFlow.PAYLOAD_MAX) {
      return Answer.problem(Problem.payloadTooLarge(SignalFlow.PAYLOAD_MAX));
    }
    FlowView before = at.find(flow);
    if (!isWaitedFor(before.spec(), event)) {
      return Answer.problem(
          Problem.of(
              ErrorCode.NOT_FOUND,
              "Expected an event that a step of the flow waits for, but none waits for "
                  + Quoted.of(event)));
    }
    Optional<JsonBytes> came = event(flow, event);
    if (came.isPresent()) {
      return again(came.get(), event, payload);
    }
    refuseFinal(before);
    apply(new SignalFlow(flow, event, payload));
    Optional<JsonBytes> now = event(flow, event);
    if (now.isEmpty()) {
      refuseFinal(at.find(flow));
      return Answer.problem(Problem.shardUnavailable("The event was not taken"));
    }
    return now.get().equals(payload) ? Answer.json(200, TAKEN) : again(now.get(), event, payload);
  }

  private static boolean isWaitedFor(FlowSpec spec, String event) {
    return !FlowGraph.of(spec).waiting(event).isEmpty();
  }

  private static Answer again(JsonBytes came, String event, JsonBytes payload) {
    return came.equals(payload)
        ? Answer.json(200, TAKEN).with("Idempotency-Replayed", "true")
        : Answer.problem(
            Problem.of(
                ErrorCode.EVENT_TAKEN,
                "Expected the payload with which event "
                    + Quoted.of(event)
                    + " came first, but got another"));
  }

  private Optional<JsonBytes> event(JobId flow, String event) throws RefusedException {
    return await(at.flows().event(flow, event), Commands::problem);
  }

  private long apply(FlowEntry command) throws RefusedException {
    return await(commands.apply(command.flow().shard(), command), Commands::problem);
  }

  static void refuseFinal(FlowView flow) throws RefusedException {
    FlowState state = flow.state();
    if (state.isFinal()) {
      throw new RefusedException(
          Problem.of(
              ErrorCode.FLOW_FINAL,
              "Expected a flow that has not ended, but flow " + flow.id() + " is " + state));
    }
  }
}
