package dev.kanal.common.schedule;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What happens to the ticks that are due: each is fired (and makes exactly one job) or skipped,
 * once and for all.
 *
 * @param fire ticks in order, at most {@link #FIRED_MAX}
 * @param skipped rows of ticks in order
 * @param considered every tick up to this time has been decided
 * @param more whether more are due than fit one plan
 * @param next the time of the next tick to be decided; null if there is none any more
 */
public record TickPlan(
    List<Instant> fire,
    List<Skipped> skipped,
    Instant considered,
    boolean more,
    @Nullable Instant next) {
  /** A plan looks at no more ticks than this. */
  public static final int LOOKED_AT_MAX = 2_000;

  public static final int FIRED_MAX = 20;

  /**
   * What a plan is made from.
   *
   * @param anchor when the schedule was given its cadence
   * @param considered every tick up to this time has been decided before
   * @param unfinished whether the job of an earlier tick has not ended
   */
  public record Question(
      ScheduleSpec spec, Instant anchor, Instant considered, Instant now, boolean unfinished) {
    private Optional<Instant> tickAfter(Instant time) {
      return spec.cadence().next(time, anchor);
    }

    private boolean isLate(Instant tick) {
      return tick.plus(Misfire.LATE).isBefore(now);
    }

    private boolean isTooLate(Instant tick) {
      var limit = spec.startingDeadline();
      return limit != null && tick.plus(limit).isBefore(now);
    }
  }

  public TickPlan {
    fire = List.copyOf(fire);
    skipped = List.copyOf(skipped);
  }

  /**
   * Decides about the ticks from {@code considered} to {@code now}, in this order: a paused
   * schedule skips them; those later than the starting deadline are skipped; the misfire policy
   * chooses among those later than {@link Misfire#LATE}; the concurrency policy lets the chosen
   * ones through. With {@code FORBID} that is one at most. A {@code FIRE_ALL} catches up over as
   * many plans as it takes.
   */
  public static TickPlan of(Question question) {
    return new Maker(question, look(question)).make();
  }

  /** The oldest due ticks and, if there is one, the tick after them. */
  private static List<Instant> look(Question question) {
    List<Instant> ticks = new ArrayList<>();
    Optional<Instant> tick = question.tickAfter(question.considered());
    while (tick.isPresent()) {
      ticks.add(tick.get());
      if (tick.get().isAfter(question.now()) || ticks.size() > LOOKED_AT_MAX) {
        break;
      }
      tick = question.tickAfter(tick.get());
    }
    return ticks;
  }

  /** Goes through the ticks, oldest first. */
  private static final class Maker {
    private final Question question;
    private final List<Instant> ticks;

    /** How many of the ticks are misfires; they come first. */
    private final int late;

    private final List<Instant> fire = new ArrayList<>();
    private final List<Skipped> skipped = new ArrayList<>();

    Maker(Question question, List<Instant> ticks) {
      this.question = question;
      this.ticks = ticks;
      this.late = (int) ticks.stream().filter(question::isLate).count();
    }

    TickPlan make() {
      int at = 0;
      while (at < Math.min(ticks.size(), LOOKED_AT_MAX)
          && !ticks.get(at).isAfter(question.now())
          && fire.size() < FIRED_MAX
          && decide(at)) {
        at++;
      }
      Instant considered = at == 0 ? question.considered() : ticks.get(at - 1);
      Instant next = at < ticks.size() ? ticks.get(at) : null;
      boolean more = next != null && !next.isAfter(question.now());
      return new TickPlan(fire, skipped, considered, more, next);
    }

    /** Returns whether enough is known to decide about this tick. */
    private boolean decide(int at) {
      Instant tick = ticks.get(at);
      int newerMisfires = late - 1 - at;
      Misfire misfire = question.spec().misfire();
      if (question.spec().paused()) {
        skip(SkipReason.PAUSED, tick);
      } else if (question.isTooLate(tick)) {
        skip(SkipReason.STARTING_DEADLINE, tick);
      } else if (newerMisfires < 0) {
        fire(tick);
      } else {
        switch (misfire.policy()) {
          case SKIP -> skip(SkipReason.MISFIRE_SKIP, tick);
          case FIRE_ONCE -> fireUnless(newerMisfires > 0, SkipReason.MISFIRE_COLLAPSED, tick);
          case FIRE_ALL -> {
            boolean all = newerMisfires >= misfire.limit();
            boolean unseen = late > LOOKED_AT_MAX;
            if (unseen && !all) {
              return false;
            }
            fireUnless(all, SkipReason.MISFIRE_LIMIT, tick);
          }
        }
      }
      return true;
    }

    private void fireUnless(boolean not, SkipReason reason, Instant tick) {
      if (not) {
        skip(reason, tick);
      } else {
        fire(tick);
      }
    }

    private void fire(Instant tick) {
      boolean unfinished = question.unfinished() || !fire.isEmpty();
      if (unfinished && question.spec().concurrency() == ConcurrencyPolicy.FORBID) {
        skip(SkipReason.FORBID_OVERLAP, tick);
      } else {
        fire.add(tick);
      }
    }

    private void skip(SkipReason reason, Instant tick) {
      Skipped one = Skipped.one(reason, tick);
      boolean goesOn = !skipped.isEmpty() && skipped.getLast().reason() == reason;
      if (goesOn) {
        skipped.add(skipped.removeLast().and(one));
      } else {
        skipped.add(one);
      }
    }
  }
}
