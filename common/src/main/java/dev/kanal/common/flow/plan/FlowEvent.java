package dev.kanal.common.flow.plan;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What has happened to a flow. An event that no longer fits changes nothing. */
public sealed interface FlowEvent {
  /** The flow has been submitted. */
  record Submitted() implements FlowEvent {}

  /**
   * A step has its turn: its counters changed, or it has more to launch. Turns may be repeated and
   * left out as long as a step that is due has one at last: what counts are the counters.
   */
  record Turn(int step) implements FlowEvent {}

  /** Members were added to a stream or group, or it was closed; the counters say so already. */
  record Added(int step) implements FlowEvent {}

  /** What a step needs cannot be made, or cannot be kept. */
  record StepFailed(int step, FlowReason reason) implements FlowEvent {}

  /** The flow cannot go on. */
  record FlowFailed(FlowReason reason) implements FlowEvent {}

  /** An event came, the first of its name; it is among those that have come. */
  record Signalled(String name) implements FlowEvent {}

  /** A timer fired. */
  record Fired(FlowTimer timer) implements FlowEvent {}

  /**
   * A user cancels the flow.
   *
   * @param all also the steps that are there for its end. That is said and not counted: a client
   *     that repeats a call, as it got no answer, means no more than before
   */
  record Cancelled(boolean all) implements FlowEvent {}

  /**
   * A user runs a final flow again.
   *
   * @param from this step, and all that depend on it, too; null for what did not succeed alone
   * @param deadline instead of the one before; null to keep that
   */
  record Retried(@Nullable Integer from, @Nullable Instant deadline) implements FlowEvent {}
}
