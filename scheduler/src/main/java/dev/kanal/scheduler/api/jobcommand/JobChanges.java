package dev.kanal.scheduler.api.jobcommand;

import dev.kanal.common.job.JobId;
import dev.kanal.scheduler.api.http.Conditions;
import dev.kanal.scheduler.api.jobcommand.JobCommand.Verdict;
import dev.kanal.scheduler.api.jobs.Commands;
import dev.kanal.scheduler.api.jobs.JobLookup;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.engine.query.JobReader;
import dev.kanal.scheduler.engine.query.JobReader.Answer;
import dev.kanal.scheduler.engine.query.JobView;
import dev.kanal.scheduler.queues.QueueDirectory;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Changes jobs whose shards this node owns. Usable from any thread. */
final class JobChanges {
  private final JobReader reader;
  private final Commands commands;
  private final QueueDirectory queues;

  JobChanges(JobReader reader, Commands commands, QueueDirectory queues) {
    this.reader = reader;
    this.commands = commands;
    this.queues = queues;
  }

  CompletableFuture<Verdict> make(JobId job, JobCommand command, Conditions conditions) {
    return reader
        .find(job)
        .thenCompose(
            before ->
                switch (before) {
                  case Answer.Missing() -> done(missing(job));
                  case Answer.Unavailable(String why) ->
                      done(new Verdict.Refused(Problem.shardUnavailable(why)));
                  case Answer.Found(JobView view) when !conditions.allow(JobLookup.etag(view)) ->
                      done(new Verdict.Refused(Conditions.unmet("job", JobLookup.etag(view))));
                  case Answer.Found(JobView view) ->
                      seeToQueue(view, command)
                          .thenCompose(
                              refused ->
                                  refused.isPresent() ? done(refused.get()) : apply(job, command));
                });
  }

  private CompletableFuture<Verdict> apply(JobId job, JobCommand command) {
    return commands
        .apply(job.shard(), command.entry(job))
        .thenCompose(offset -> judge(job, command, offset));
  }

  /** The queue by which a job goes on is made ready as for a submit, or refused. */
  private CompletableFuture<Optional<Verdict>> seeToQueue(JobView job, JobCommand command) {
    String queue = command.queue(job);
    if (queue == null) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    return queues
        .ensure(queue, job.spec().priority())
        .thenApply(
            readiness ->
                switch (readiness) {
                  case UNKNOWN -> refused(Problem.unknownQueue(queue));
                  case READY ->
                      !queue.equals(job.spec().queue()) && queues.settings(queue).limited()
                          ? refused(Problem.limitedQueue(queue))
                          : Optional.empty();
                });
  }

  private static Optional<Verdict> refused(Problem problem) {
    return Optional.of(new Verdict.Refused(problem));
  }

  private CompletableFuture<Verdict> judge(JobId job, JobCommand command, long offset) {
    return reader
        .find(job)
        .thenApply(
            after ->
                switch (after) {
                  case Answer.Missing() ->
                      command instanceof JobCommand.Delete ? new Verdict.Gone() : missing(job);
                  case Answer.Unavailable(String why) -> new Verdict.Refused(Commands.late(why));
                  case Answer.Found(JobView view) -> command.verdict(view, offset);
                });
  }

  private static Verdict missing(JobId job) {
    return new Verdict.Refused(Problem.noSuchJob(job.toString()));
  }

  private static CompletableFuture<Verdict> done(Verdict verdict) {
    return CompletableFuture.completedFuture(verdict);
  }
}
