package dev.kanal.check.batch;

import dev.kanal.check.lifecycle.LifecycleCounts;
import dev.kanal.check.lifecycle.LifecycleTally;
import dev.kanal.check.lifecycle.LifecycleTopic;
import dev.kanal.check.load.AcceptedJob;
import dev.kanal.check.load.Awaiter;
import dev.kanal.check.load.JobSource;
import dev.kanal.check.load.Progress;
import dev.kanal.check.load.Submission;
import dev.kanal.check.load.Submitter;
import dev.kanal.check.promise.Promise;
import dev.kanal.check.promise.Verdict;
import dev.kanal.check.server.CheckStopped;
import dev.kanal.check.server.Console;
import dev.kanal.check.server.KafkaAddress;
import dev.kanal.check.server.Session;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** One run of the bulk check. Used once. */
final class BatchCheck {
  private final Session session;
  private final BatchPlan plan;
  private final Console console;
  private final List<Promise> promises = new ArrayList<>();
  private final List<String> notChecked = new ArrayList<>();

  BatchCheck(Session session, BatchPlan plan) {
    this.session = session;
    this.plan = plan;
    this.console = session.console();
  }

  Verdict run() throws InterruptedException {
    String run = "check-" + Long.toString(InstantSource.system().millis(), Character.MAX_RADIX);
    JobSource source = new SumJobs(plan.jobs(), plan.seed(), plan.queue(), run);
    KafkaAddress kafka = kafka();
    Map<TopicPartition, Long> start = kafka == null ? Map.of() : LifecycleTopic.at(kafka).end();
    console.say(
        "run %s: %s jobs in queue %s, seed %d"
            .formatted(run, Console.count(plan.jobs()), plan.queue(), plan.seed()));

    long startedAt = System.nanoTime();
    Submission submission = submit(source);
    Duration submitting = Duration.ofNanos(System.nanoTime() - startedAt);
    promises.addAll(submission.promises());
    Awaiter awaiter = new Awaiter(session, source, submission.accepted());
    promises.addAll(await(awaiter, submission.accepted().size()));
    Duration finishing = Duration.ofNanos(System.nanoTime() - startedAt);
    LifecycleCounts counts = kafka == null ? null : lifecycle(kafka, start, submission.accepted());

    Verdict verdict = new Verdict(promises, notChecked);
    verdict.table().forEach(console::say);
    report(submission, submitting, finishing);
    console.say(awaiter.byWorker().line());
    reportLifecycle(counts, submission);
    console.say(verdict.conclusion());
    return verdict;
  }

  private @Nullable KafkaAddress kafka() throws InterruptedException {
    KafkaAddress known = session.kafka();
    String bootstrap = plan.bootstrap();
    String prefix = plan.prefix();
    if (bootstrap == null && known == null) {
      return null;
    }
    return new KafkaAddress(
        bootstrap == null && known != null ? known.bootstrap() : String.valueOf(bootstrap),
        prefix != null ? prefix : known != null ? known.prefix() : "kanal");
  }

  private Submission submit(JobSource source) throws InterruptedException {
    Submitter submitter = new Submitter(session, source, plan.chunkLines());
    try (Progress _ =
        Progress.start(
            console,
            () ->
                "submitted %s of %s, resubmitted %s"
                    .formatted(
                        Console.count(submitter.accepted()),
                        Console.count(source.size()),
                        Console.count(submitter.resubmitted())))) {
      return submitter.run(plan.submitters());
    }
  }

  private List<Promise> await(Awaiter awaiter, int jobs) throws InterruptedException {
    try (Progress _ =
        Progress.start(
            console,
            () ->
                "checked %s of %s accepted jobs"
                    .formatted(Console.count(awaiter.done()), Console.count(jobs)))) {
      return awaiter.run();
    }
  }

  /** Null if the records could not be read, which fails the check. */
  private @Nullable LifecycleCounts lifecycle(
      KafkaAddress atStart, Map<TopicPartition, Long> start, List<AcceptedJob> jobs)
      throws InterruptedException {
    // A server that was restarted meanwhile may have its own Kafka on another port.
    KafkaAddress now = kafka();
    LifecycleTally tally = new LifecycleTally(jobs.stream().map(AcceptedJob::id).toList());
    try (Progress _ = Progress.start(console, () -> "reading " + atStart.prefix() + ".lifecycle")) {
      LifecycleTopic.at(now == null ? atStart : now).read(start, tally);
    } catch (CheckStopped e) {
      notChecked.add(e.getMessage());
      return null;
    }
    LifecycleCounts counts = tally.counts();
    promises.addAll(counts.promises());
    return counts;
  }

  private void report(Submission submission, Duration submitting, Duration finishing) {
    console.say(rate("submitted", submission.accepted().size(), submitting));
    console.say(rate("finished, answers checked", submission.accepted().size(), finishing));
  }

  private void reportLifecycle(@Nullable LifecycleCounts counts, Submission submission) {
    if (counts != null && counts.spanMs() > 0) {
      console.say(
          rate(
              "finished, by the lifecycle",
              submission.accepted().size(),
              Duration.ofMillis(counts.spanMs())));
    }
    console.say(
        "lines resubmitted that may exist twice %s, turned away %s"
            .formatted(
                Console.count(submission.resubmitted()), Console.count(submission.turnedAway())));
    if (counts != null) {
      console.say(
          "duplicate executions %s, retries %s, workers lost under a task %s"
              .formatted(
                  Console.count(counts.duplicates()),
                  Console.count(counts.retries()),
                  Console.count(counts.lost())));
    } else if (notChecked.isEmpty()) {
      console.say(
          "duplicate executions not counted: /readyz does not name Kafka; give --bootstrap");
    }
  }

  private static String rate(String what, int jobs, Duration time) {
    long perSecond = Math.round(jobs * 1e9 / Math.max(1, time.toNanos()));
    return "%s: %s in %s, %s/s"
        .formatted(what, Console.count(jobs), Console.time(time), Console.count(perSecond));
  }
}
