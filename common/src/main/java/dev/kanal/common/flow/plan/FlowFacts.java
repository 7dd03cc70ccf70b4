package dev.kanal.common.flow.plan;

import org.jspecify.annotations.Nullable;

/** What a decision may look up. It asks for the steps that it is about, and for few of them. */
public interface FlowFacts {
  /** The counters of a step; null if it has none yet. */
  @Nullable StepCounts counts(int step);

  /** Whether an event of this name has come since the flow was submitted. */
  boolean hasCome(String event);
}
