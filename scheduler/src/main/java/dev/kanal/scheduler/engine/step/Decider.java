package dev.kanal.scheduler.engine.step;

/**
 * Decides what an input means. Pure: the same step and input give the same changes and effects.
 * Nothing is written if it throws.
 */
public interface Decider {
  void decide(Step step, Input input);

  /** Adds to a step that did not come from {@link #decide} what its changes mean to others. */
  default void conclude(Step step) {}
}
