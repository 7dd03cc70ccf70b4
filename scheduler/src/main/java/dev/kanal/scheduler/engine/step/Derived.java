package dev.kanal.scheduler.engine.step;

import dev.kanal.scheduler.engine.row.JobRow;
import org.jspecify.annotations.Nullable;

/** Keeps rows that follow from a job's, in the step that changes the job. */
@FunctionalInterface
public interface Derived {
  /**
   * A job comes new (no {@code before}), changes, or goes (no {@code after}); called before any of
   * its own rows changes.
   */
  void changed(Step step, @Nullable JobRow before, @Nullable JobRow after);
}
