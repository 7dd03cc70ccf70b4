package dev.kanal.scheduler.api.schedules;

import static dev.kanal.scheduler.api.door.CallThreads.await;

import dev.kanal.common.error.ErrorCode;
import dev.kanal.common.log.LogEntry;
import dev.kanal.common.log.Shards;
import dev.kanal.common.schedule.Precondition;
import dev.kanal.scheduler.api.http.Conditions;
import dev.kanal.scheduler.api.jobs.Commands;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.api.problem.RefusedException;
import dev.kanal.scheduler.api.schedules.ScheduleCommand.Made;
import dev.kanal.scheduler.api.schedules.ScheduleCommand.Making;
import dev.kanal.scheduler.api.schedules.ScheduleCommand.Verdict;
import dev.kanal.scheduler.engine.query.ScheduleReader;
import dev.kanal.scheduler.engine.query.ScheduleReader.Answer;
import dev.kanal.scheduler.engine.query.ScheduleView;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Changes schedules whose shards this node owns: on the condition that nobody else does meanwhile,
 * and again if somebody did. On a call's own thread.
 */
final class ScheduleChanges {
  /** How often a change is tried, since another one may come in between. */
  private static final int TRIES = 5;

  private final Commands commands;
  private final ScheduleReader schedules;
  private final Shards shards;

  ScheduleChanges(Commands commands, ScheduleReader schedules, Shards shards) {
    this.commands = commands;
    this.schedules = schedules;
    this.shards = shards;
  }

  Verdict make(String name, Making making, Conditions conditions) throws RefusedException {
    Verdict verdict = new Verdict.Overtaken();
    for (int tries = 0; tries < TRIES && verdict instanceof Verdict.Overtaken; tries++) {
      verdict = tryOnce(name, making, conditions);
    }
    return verdict;
  }

  private Verdict tryOnce(String name, Making making, Conditions conditions)
      throws RefusedException {
    ScheduleView before = find(name, Problem::shardUnavailable);
    String etag = before == null ? null : Conditions.etag(before.revision());
    if (before == null && !making.makesAnew()) {
      throw new RefusedException(ScheduleNames.missing(name));
    }
    if (!conditions.allow(etag)) {
      throw new RefusedException(Conditions.unmet("schedule", etag));
    }
    Made made = making.of(before);
    boolean bound = made.bound() || !conditions.equals(Conditions.NONE);
    LogEntry entry = made.command().entry(name, condition(before, bound));
    long offset = await(commands.apply(shards.ofSchedule(name), entry), Commands::problem);
    return made.command().verdict(before, find(name, Commands::late), offset);
  }

  /** The schedule as it is; null if there is none. */
  private @Nullable ScheduleView find(String name, Function<String, Problem> unavailable)
      throws RefusedException {
    return switch (await(schedules.find(name), Commands::problem)) {
      case Answer.Unavailable(String why) -> throw new RefusedException(unavailable.apply(why));
      case Answer.Missing() -> null;
      case Answer.Found(ScheduleView view) -> view;
    };
  }

  private static Precondition condition(@Nullable ScheduleView before, boolean bound) {
    if (!bound) {
      return Precondition.NONE;
    }
    return before == null
        ? new Precondition.Exists(false)
        : new Precondition.AnyOf(Set.of(before.revision()));
  }

  static Problem overtaken() {
    return Problem.of(
        ErrorCode.CONFLICT,
        "Expected a schedule that nobody else changes meanwhile, but it was changed "
            + TRIES
            + " times: try again");
  }
}
