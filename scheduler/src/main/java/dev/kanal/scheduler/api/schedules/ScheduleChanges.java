package dev.kanal.scheduler.api.schedules;

import dev.kanal.common.error.ErrorCode;
import dev.kanal.common.log.Shards;
import dev.kanal.common.schedule.Precondition;
import dev.kanal.scheduler.api.http.Conditions;
import dev.kanal.scheduler.api.jobs.Commands;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.api.schedules.ScheduleCommand.Made;
import dev.kanal.scheduler.api.schedules.ScheduleCommand.Making;
import dev.kanal.scheduler.api.schedules.ScheduleCommand.Verdict;
import dev.kanal.scheduler.engine.query.ScheduleReader;
import dev.kanal.scheduler.engine.query.ScheduleReader.Answer;
import dev.kanal.scheduler.engine.query.ScheduleView;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Changes schedules whose shards this node owns: on the condition that nobody else does meanwhile,
 * and again if somebody did. Usable from any thread.
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

  /** What is asked of which schedule. */
  private record Asked(String name, Making making, Conditions conditions) {}

  CompletableFuture<Verdict> make(String name, Making making, Conditions conditions) {
    return run(new Asked(name, making, conditions), TRIES);
  }

  private CompletableFuture<Verdict> run(Asked asked, int tries) {
    return schedules
        .find(asked.name)
        .thenCompose(
            before ->
                switch (before) {
                  case Answer.Unavailable(String why) -> refused(Problem.shardUnavailable(why));
                  case Answer.Missing() -> make(asked, null, tries);
                  case Answer.Found(ScheduleView view) -> make(asked, view, tries);
                });
  }

  private CompletableFuture<Verdict> make(Asked asked, @Nullable ScheduleView before, int tries) {
    String etag = before == null ? null : Conditions.etag(before.revision());
    if (before == null && !asked.making.makesAnew()) {
      return refused(ScheduleNames.missing(asked.name));
    }
    if (!asked.conditions.allow(etag)) {
      return refused(Conditions.unmet("schedule", etag));
    }
    return asked
        .making
        .of(before)
        .thenCompose(
            made ->
                switch (made) {
                  case Made.Refused(Problem problem) -> refused(problem);
                  case Made.Command command -> apply(asked, before, command, tries);
                });
  }

  private CompletableFuture<Verdict> apply(
      Asked asked, @Nullable ScheduleView before, Made.Command made, int tries) {
    boolean bound = made.bound() || !asked.conditions.equals(Conditions.NONE);
    ScheduleCommand command = made.command();
    return commands
        .apply(shards.ofSchedule(asked.name), command.entry(asked.name, condition(before, bound)))
        .thenCompose(
            offset ->
                schedules
                    .find(asked.name)
                    .thenApply(after -> verdict(command, before, after, offset)))
        .thenCompose(
            verdict ->
                verdict instanceof Verdict.Overtaken
                    ? tries > 1 ? run(asked, tries - 1) : refused(overtaken())
                    : CompletableFuture.completedFuture(verdict));
  }

  private static Precondition condition(@Nullable ScheduleView before, boolean bound) {
    if (!bound) {
      return Precondition.NONE;
    }
    return before == null
        ? new Precondition.Exists(false)
        : new Precondition.AnyOf(Set.of(before.revision()));
  }

  private static Verdict verdict(
      ScheduleCommand command, @Nullable ScheduleView before, Answer after, long offset) {
    return switch (after) {
      case Answer.Unavailable(String why) -> new Verdict.Refused(Commands.late(why));
      case Answer.Missing() -> command.verdict(before, null, offset);
      case Answer.Found(ScheduleView view) -> command.verdict(before, view, offset);
    };
  }

  static Problem overtaken() {
    return Problem.of(
        ErrorCode.CONFLICT,
        "Expected a schedule that nobody else changes meanwhile, but it was changed "
            + TRIES
            + " times: try again");
  }

  private static CompletableFuture<Verdict> refused(Problem problem) {
    return CompletableFuture.completedFuture(new Verdict.Refused(problem));
  }
}
