package dev.kanal.check.load;

import dev.kanal.check.promise.Promise;
import dev.kanal.check.server.Answer;
import dev.kanal.check.server.JobAnswer;
import dev.kanal.check.server.Session;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Waits until every accepted job is final and holds it to its promises. Used once. */
public final class Awaiter {
  private static final int WAITERS = 64;
  private static final Duration WAIT = Duration.ofSeconds(30);

  private final Session session;
  private final List<AcceptedJob> jobs;
  private final JobVerdict verdict;
  private final RunsByWorker byWorker = new RunsByWorker();
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger done = new AtomicInteger();

  public Awaiter(Session session, JobSource source, List<AcceptedJob> jobs) {
    this.session = session;
    this.jobs = List.copyOf(jobs);
    this.verdict = new JobVerdict(source);
  }

  /** Returns when every job has ended or the time of the run is over. */
  public List<Promise> run() throws InterruptedException {
    Crew.run(
        "check-await-",
        Math.min(WAITERS, jobs.size()),
        () -> {
          awaitJobs();
          return null;
        });
    return verdict.promises();
  }

  /** For people; grows while {@link #run} works. */
  public int done() {
    return done.get();
  }

  /** How many jobs each worker ran; complete once {@link #run} has returned. */
  public RunsByWorker byWorker() {
    return byWorker;
  }

  private void awaitJobs() throws InterruptedException {
    for (int i = next.getAndIncrement(); i < jobs.size(); i = next.getAndIncrement()) {
      AcceptedJob job = jobs.get(i);
      verdict.judge(job, await(job.id()));
      done.incrementAndGet();
    }
  }

  private Ending await(String id) throws InterruptedException {
    String lastSeen = "never";
    int tries = 0;
    while (!session.deadline().passed()) {
      switch (session.client().job(id, session.deadline().atMost(WAIT))) {
        case JobAnswer.Job job when job.isFinal() -> {
          session.patience().answered();
          byWorker.add(job.worker());
          return ending(job);
        }
        case JobAnswer.Job job -> {
          session.patience().answered();
          lastSeen = job.state();
          tries = 0;
        }
        case JobAnswer.Missing() -> {
          return new Ending.Missing();
        }
        case JobAnswer.Unexpected(String what) -> {
          return new Ending.Unexpected(what);
        }
        case JobAnswer.Away(Answer.Away cause) -> {
          tries++;
          if (!session.patience().pause(cause, tries)) {
            return new Ending.NotFinal(lastSeen + " (" + cause.why() + ")");
          }
        }
      }
    }
    return new Ending.NotFinal(lastSeen);
  }

  private static Ending ending(JobAnswer.Job job) {
    return job.state().equals("SUCCEEDED")
        ? new Ending.Succeeded(job.result())
        : new Ending.Otherwise(job.state(), job.reason());
  }
}
