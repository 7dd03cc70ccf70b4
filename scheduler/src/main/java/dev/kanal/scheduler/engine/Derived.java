package dev.kanal.scheduler.engine;

import org.jspecify.annotations.Nullable;

/** Keeps rows that follow from a job's, in the step that changes the job. */
@FunctionalInterface
interface Derived {
  /**
   * A job comes new (no {@code before}), changes, or goes (no {@code after}); called before any of
   * its own rows changes.
   */
  void changed(Step step, @Nullable JobRow before, @Nullable JobRow after);
}
