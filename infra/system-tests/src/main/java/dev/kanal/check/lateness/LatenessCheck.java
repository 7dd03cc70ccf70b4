package dev.kanal.check.lateness;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kanal.check.history.Run;
import dev.kanal.check.load.AcceptedJob;
import dev.kanal.check.load.Progress;
import dev.kanal.check.load.Submission;
import dev.kanal.check.load.Submitter;
import dev.kanal.check.probe.Call;
import dev.kanal.check.probe.Play;
import dev.kanal.check.probe.Probe;
import dev.kanal.check.probe.Script;
import dev.kanal.check.promise.Promise;
import dev.kanal.check.promise.PromiseTally;
import dev.kanal.check.promise.Verdict;
import dev.kanal.check.server.Api;
import dev.kanal.check.server.Console;
import dev.kanal.check.server.Latencies;
import dev.kanal.check.server.Pause;
import dev.kanal.check.server.Session;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** One run of the check of punctuality. Used once. */
final class LatenessCheck {
  private static final int WARM_UP = 500;
  private static final Duration WARM_UP_OVER = Duration.ofSeconds(2);
  private static final Duration LEAD = Duration.ofSeconds(10);
  private static final int JOBS_PER_SECOND_OF_LEAD = 2_000;
  private static final Duration LOOK_EVERY = Duration.ofMillis(200);
  private static final int SUBMITTERS = 1;
  private static final int CHUNK_LINES = 500;

  private final PromiseTally once = new PromiseTally("each job starts, once");
  private final PromiseTally early = new PromiseTally("no job starts before its time");
  private final PromiseTally punctual = new PromiseTally("99 of 100 start within the bound");
  private final Session session;
  private final Console console;
  private final String queue;
  private final int jobs;
  private final Duration over;

  LatenessCheck(Session session, String queue, int jobs, Duration over) {
    this.session = session;
    this.console = session.console();
    this.queue = queue;
    this.jobs = jobs;
    this.over = over;
  }

  Verdict run(Duration bound) throws InterruptedException {
    warmUp();
    try (Probe probe = Probe.start(new Instantly())) {
      Duration lead = LEAD.plusSeconds(jobs / JOBS_PER_SECOND_OF_LEAD);
      DueJobs source = due(jobs, probe, lead, over);
      Submission submission = new Submitter(session, source, CHUNK_LINES).run(SUBMITTERS);
      console.say(
          "submitted %s jobs, due over %s".formatted(Console.count(jobs), Console.time(over)));
      awaitRuns(probe, submission.accepted().size());
      List<Promise> promises = new ArrayList<>(submission.promises());
      judge(source, probe.runs(), bound);
      reportByWorkers(source, submission.accepted());
      for (PromiseTally promise : List.of(once, early, punctual)) {
        promises.add(promise.toPromise());
      }
      Verdict verdict = new Verdict(promises, List.of());
      verdict.table().forEach(console::say);
      console.say(verdict.conclusion());
      return verdict;
    }
  }

  /** So that topics exist, groups are joined and code is compiled. */
  private void warmUp() throws InterruptedException {
    try (Probe probe = Probe.start(new Instantly())) {
      Submission warm =
          new Submitter(session, due(WARM_UP, probe, Duration.ZERO, WARM_UP_OVER), CHUNK_LINES)
              .run(SUBMITTERS);
      awaitRuns(probe, warm.accepted().size());
    }
  }

  private DueJobs due(int count, Probe probe, Duration lead, Duration time) {
    return new DueJobs(
        count, queue, probe, InstantSource.system().millis() + lead.toMillis(), time.toMillis());
  }

  private void awaitRuns(Probe probe, int count) throws InterruptedException {
    try (Progress _ =
        Progress.start(console, () -> "%d of %d ran".formatted(probe.runs().size(), count))) {
      while (probe.runs().size() < count && !session.deadline().passed()) {
        Pause.real().of(LOOK_EVERY);
      }
    }
  }

  private void judge(DueJobs source, List<Run> runs, Duration bound) {
    Latencies late = new Latencies(runs.size());
    int[] times = new int[source.size()];
    for (Run run : runs) {
      times[run.index()]++;
      long after = run.span().start() - source.due(run.index()) * 1_000;
      late.add(Math.max(0, after * 1_000));
      early.check(after >= 0, () -> run.job() + " started " + -after + " µs early");
    }
    for (int index = 0; index < times.length; index++) {
      int number = index;
      once.check(
          times[index] == 1, () -> "number %d ran %d times".formatted(number, times[number]));
    }
    console.say(late.line("due to start, as the called server sees it"));
    long p99 = late.percentile(0.99);
    punctual.check(
        p99 <= bound.toNanos(),
        () -> "p99 is %d ms, not %d".formatted(p99 / 1_000_000, bound.toMillis()));
  }

  private void reportByWorkers(DueJobs source, List<AcceptedJob> accepted)
      throws InterruptedException {
    Api api = new Api(session.servers());
    Latencies late = new Latencies(accepted.size());
    for (AcceptedJob job : accepted) {
      JsonNode first = api.get("/v1/jobs/" + job.id()).body().path("attempts").path(0);
      try {
        long started = Instant.parse(first.path("startedAt").asText()).toEpochMilli();
        late.add(Math.max(0, (started - source.due(job.index())) * 1_000_000));
      } catch (DateTimeException e) {
        once.broken(job.id() + " tells no start of its attempt");
      }
    }
    console.say(late.line("due to start, by the worker's clock"));
  }

  /** Answers at once. */
  private static final class Instantly implements Script {
    @Override
    public int index(String path) {
      return Integer.parseInt(path.substring(1));
    }

    @Override
    public Play play(Call call) {
      return new Play(Duration.ZERO, Run.End.SUCCEEDED);
    }
  }
}
