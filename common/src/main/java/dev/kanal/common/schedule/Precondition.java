package dev.kanal.common.schedule;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The condition that a schedule must meet for a change. */
public sealed interface Precondition {
  Precondition NONE = new None();

  /**
   * Whether it holds.
   *
   * @param revision of the schedule; null if there is none
   */
  boolean holds(@Nullable Long revision);

  /** Always holds. */
  record None() implements Precondition {
    @Override
    public boolean holds(@Nullable Long revision) {
      return true;
    }
  }

  /** There is one ({@code If-Match: *}), or there is none ({@code If-None-Match: *}). */
  record Exists(boolean yes) implements Precondition {
    @Override
    public boolean holds(@Nullable Long revision) {
      return yes == (revision != null);
    }
  }

  /** It has one of these revisions, at most {@link #MAX} ({@code If-Match: "7"}). */
  record AnyOf(Set<Long> revisions) implements Precondition {
    public static final int MAX = 20;

    public AnyOf {
      revisions = Set.copyOf(revisions);
      if (revisions.size() > MAX) {
        throw new IllegalArgumentException(
            "Expected at most " + MAX + " revisions, but got " + revisions.size());
      }
    }

    @Override
    public boolean holds(@Nullable Long revision) {
      return revision != null && revisions.contains(revision);
    }
  }
}
