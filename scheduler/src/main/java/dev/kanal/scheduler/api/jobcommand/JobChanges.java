package dev.kanal.scheduler.api.jobcommand;

import static dev.kanal.scheduler.api.door.CallThreads.await;

import dev.kanal.common.job.JobId;
import dev.kanal.scheduler.api.http.Conditions;
import dev.kanal.scheduler.api.jobcommand.JobCommand.Verdict;
import dev.kanal.scheduler.api.jobs.Commands;
import dev.kanal.scheduler.api.jobs.JobLookup;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.api.problem.RefusedException;
import dev.kanal.scheduler.engine.query.JobReader;
import dev.kanal.scheduler.engine.query.JobReader.Answer;
import dev.kanal.scheduler.engine.query.JobView;
import dev.kanal.scheduler.queues.QueueDirectory;

/** Changes jobs whose shards this node owns; on a call's own thread. */
final class JobChanges {
  private final JobReader reader;
  private final Commands commands;
  private final QueueDirectory queues;

  JobChanges(JobReader reader, Commands commands, QueueDirectory queues) {
    this.reader = reader;
    this.commands = commands;
    this.queues = queues;
  }

  Verdict make(JobId job, JobCommand command, Conditions conditions) throws RefusedException {
    JobView before = find(job);
    if (!conditions.allow(JobLookup.etag(before))) {
      throw new RefusedException(Conditions.unmet("job", JobLookup.etag(before)));
    }
    seeToQueue(before, command);
    long offset = await(commands.apply(job.shard(), command.entry(job)), Commands::problem);
    return switch (await(reader.find(job), Commands::problem)) {
      case Answer.Missing() when command instanceof JobCommand.Delete -> new Verdict.Gone();
      case Answer.Missing() -> throw missing(job);
      case Answer.Unavailable(String why) -> throw new RefusedException(Commands.late(why));
      case Answer.Found(JobView after) -> command.verdict(after, offset);
    };
  }

  /** The job as it is. */
  JobView find(JobId job) throws RefusedException {
    return switch (await(reader.find(job), Commands::problem)) {
      case Answer.Missing() -> throw missing(job);
      case Answer.Unavailable(String why) ->
          throw new RefusedException(Problem.shardUnavailable(why));
      case Answer.Found(JobView view) -> view;
    };
  }

  /** The queue by which a job goes on is made ready as for a submit, or refused. */
  private void seeToQueue(JobView job, JobCommand command) throws RefusedException {
    String queue = command.queue(job);
    if (queue == null) {
      return;
    }
    switch (await(queues.ensure(queue, job.spec().priority()), Commands::problem)) {
      case UNKNOWN -> throw new RefusedException(Problem.unknownQueue(queue));
      case READY -> {
        if (!queue.equals(job.spec().queue()) && queues.settings(queue).limited()) {
          throw new RefusedException(Problem.limitedQueue(queue));
        }
      }
    }
  }

  private static RefusedException missing(JobId job) {
    return new RefusedException(Problem.noSuchJob(job.toString()));
  }
}
