package dev.kanal.common.flow.plan;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What is to be done, in this order. The states of steps have changed already. */
public sealed interface FlowAction {
  /** A step runs. */
  record Start(int step) implements FlowAction {}

  /** Make the counters of a step: its width is to be found out. It has another turn. */
  record Open(int step) implements FlowAction {}

  /**
   * Begin members of a step: first those that are to be run again, then those that never ran, in
   * the order of their numbers. Whoever begins fewer, since they are many bytes, has the step due
   * again.
   *
   * @param count 1 to {@link Window#LAUNCH_MAX}
   */
  record Launch(int step, int count) implements FlowAction {}

  /**
   * Cancel the members of a step that are out, and begin no more.
   *
   * @param reason null if it succeeds
   */
  record Stop(int step, StepState verdict, @Nullable FlowReason reason) implements FlowAction {}

  /** A branch of a race that waits has won. A job's branch wins by being the first to succeed. */
  record Win(int step, int branch) implements FlowAction {}

  /** Note in the counters that the event of a branch did not come in time. */
  record Lapse(int step, int branch) implements FlowAction {}

  /** A step ended without having run. */
  record Skip(int step) implements FlowAction {}

  /**
   * A step ended.
   *
   * @param reason null if it succeeded, or if its {@link Stop} has said it
   */
  record End(int step, StepState state, @Nullable FlowReason reason) implements FlowAction {}

  /** Set a timer, in place of the one before. */
  record Arm(FlowTimer timer, Instant at) implements FlowAction {}

  /** Remove a timer, if there is one. */
  record Disarm(FlowTimer timer) implements FlowAction {}

  /**
   * A step waits again.
   *
   * @param whole whether all its members are made anew, and its counters with them; else those that
   *     succeeded stay, and the counters become {@link StepCounts#again()}
   */
  record Again(int step, boolean whole) implements FlowAction {}

  /** The flow ended. */
  record EndFlow(FlowState state, @Nullable FlowReason reason) implements FlowAction {}
}
