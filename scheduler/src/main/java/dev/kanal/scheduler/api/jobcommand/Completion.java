package dev.kanal.scheduler.api.jobcommand;

import static dev.kanal.scheduler.api.door.CallThreads.await;

import dev.kanal.common.error.ErrorCode;
import dev.kanal.common.job.JobId;
import dev.kanal.common.log.LogEntry.Complete;
import dev.kanal.scheduler.api.door.CallThreads;
import dev.kanal.scheduler.api.http.Conditions;
import dev.kanal.scheduler.api.jobcommand.JobCommand.Verdict;
import dev.kanal.scheduler.api.jobs.Commands;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.api.problem.RefusedException;
import dev.kanal.scheduler.engine.query.JobReader;
import dev.kanal.scheduler.engine.query.JobView;
import dev.kanal.scheduler.engine.query.TokenStanding;
import java.time.Duration;

/**
 * {@code POST /v1/jobs/{id}/complete}: ends a parked attempt. Nothing is appended unless the token
 * is right; a caller that is quicker than the worker, whose report of the token is still on its
 * way, waits for that.
 */
final class Completion implements JobCommandHandler.Doing<CompletionParser.Ending> {
  /** How often, and how long apart, a token is looked at that no report has named yet. */
  private static final int LOOKS = 50;

  private static final Duration BETWEEN = Duration.ofMillis(100);

  private final CallThreads threads;
  private final JobReader reader;
  private final Commands commands;
  private final JobChanges changes;

  Completion(CallThreads threads, JobReader reader, Commands commands, JobChanges changes) {
    this.threads = threads;
    this.reader = reader;
    this.commands = commands;
    this.changes = changes;
  }

  @Override
  public Verdict run(JobId job, CompletionParser.Ending ending, Conditions conditions)
      throws RefusedException {
    var _ = changes.find(job);
    Complete entry = new Complete(job, ending.token(), ending.outcome());
    TokenStanding standing = standing(entry);
    for (int looks = 1; standing == TokenStanding.EARLY && looks < LOOKS; looks++) {
      threads.pause(BETWEEN);
      standing = standing(entry);
    }
    if (standing == TokenStanding.OPEN) {
      await(commands.apply(job.shard(), entry), Commands::problem);
      standing = standing(entry);
    }
    return verdict(changes.find(job), standing);
  }

  private TokenStanding standing(Complete entry) throws RefusedException {
    return await(reader.token(entry.job(), entry.token()), Commands::problem);
  }

  static Verdict verdict(JobView job, TokenStanding standing) {
    return switch (standing) {
      case USED -> new Verdict.Done(job);
      case WRONG ->
          refused(
              ErrorCode.WRONG_TOKEN,
              "Expected the token of the last attempt of job "
                  + job.id()
                  + " that was parked, but got another");
      case OPEN, EARLY, OVER ->
          refused(
              ErrorCode.CONFLICT,
              "Expected an attempt that waits to be completed, but job "
                  + job.id()
                  + " is "
                  + job.state()
                  + " and none does");
    };
  }

  private static Verdict refused(ErrorCode code, String detail) {
    return new Verdict.Refused(Problem.of(code, detail));
  }
}
