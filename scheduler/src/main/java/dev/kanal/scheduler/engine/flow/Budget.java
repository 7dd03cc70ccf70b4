package dev.kanal.scheduler.engine.flow;

import dev.kanal.common.flow.plan.Window;

/** What one turn of a flow may still do; belongs to that turn. */
final class Budget {
  /** Most bytes that a turn gives to members, unless a single one has more. */
  static final int BYTES_MAX = 1 << 20;

  /** Members that a turn looks at to find those that are to be cancelled. */
  static final int LOOKED_MAX = 10_000;

  /** Decisions of steps in one turn. */
  private static final int STEPS_MAX = 64;

  private int members = Window.LAUNCH_MAX;
  private int bytes = BYTES_MAX;
  private int steps = STEPS_MAX;

  boolean isLeft() {
    return members > 0 && bytes > 0 && steps > 0;
  }

  int members() {
    return members;
  }

  void spendStep() {
    steps--;
  }

  void spend(int some, int ofBytes) {
    members -= some;
    bytes -= ofBytes;
  }
}
