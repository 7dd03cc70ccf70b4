package dev.kanal.check.workers;

import dev.kanal.check.history.Run;
import dev.kanal.check.load.AcceptedJob;
import dev.kanal.check.load.Submission;
import dev.kanal.check.probe.Probe;
import dev.kanal.check.promise.Promise;
import dev.kanal.check.promise.PromiseTally;
import dev.kanal.check.promise.Verdict;
import dev.kanal.check.server.Console;
import dev.kanal.check.server.Pause;
import dev.kanal.check.workers.ProbeJobs.Numbers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/** The broker goes in the middle of a run and comes back. */
final class OutageCheck {
  private static final Duration SHORT = Duration.ofMillis(100);
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final int LONG_EVERY = 100;
  private static final Duration LOOK_EVERY = Duration.ofMillis(100);
  private static final String QUEUE = "outage";

  private final PromiseTally all = new PromiseTally("every job succeeds");
  private final PromiseTally real = new PromiseTally("each success is that of a run");
  private final PromiseTally same = new PromiseTally("each worker is the process that it was");
  private final Scene scene;

  OutageCheck(Scene scene) {
    this.scene = scene;
  }

  Verdict run(int jobs, Duration away) throws InterruptedException {
    try (Probe probe = Probe.start(new Held())) {
      List<Long> pids = pids();
      Submission submission =
          scene.submit(new ProbeJobs(new Numbers(0, jobs), QUEUE, probe, OutageCheck::hold));
      while (probe.runs().size() < jobs / 4 && !scene.session().deadline().passed()) {
        Pause.real().of(LOOK_EVERY);
      }
      int before = ended(probe);
      scene.console().say("%d jobs ran; the broker goes".formatted(before));
      scene.cluster().restartKafka(away);
      int meanwhile = ended(probe) - before;
      long back = System.nanoTime();
      scene.awaitEnd(QUEUE);
      scene
          .console()
          .say(
              "%d more ended while it was away for %s; all ended %s after it was back"
                  .formatted(
                      meanwhile,
                      Console.time(away),
                      Console.time(Duration.ofNanos(System.nanoTime() - back))));
      judge(submission.accepted(), RunsByJob.of(probe.runs()));
      same.check(pids.equals(pids()), () -> pids + " are now " + pids());
      List<Promise> promises = new ArrayList<>(submission.promises());
      promises.addAll(List.of(all.toPromise(), real.toPromise(), same.toPromise()));
      return scene.report(promises);
    }
  }

  private void judge(List<AcceptedJob> accepted, RunsByJob runs) throws InterruptedException {
    for (AcceptedJob job : accepted) {
      String state = scene.api().get("/v1/jobs/" + job.id()).expectSuccess().path("state").asText();
      all.check(state.equals("SUCCEEDED"), () -> job.id() + " is " + state);
      boolean ran = runs.of(job.index()).stream().anyMatch(run -> run.end() == Run.End.SUCCEEDED);
      real.check(ran, () -> job.id() + " never ran to its end");
    }
    scene.console().say("runs beyond one for each job: " + runs.repeated());
  }

  private List<Long> pids() {
    return LongStream.range(0, 2)
        .map(node -> scene.cluster().workerPid((int) node))
        .boxed()
        .toList();
  }

  private static int ended(Probe probe) {
    return (int) probe.runs().stream().filter(run -> run.end() == Run.End.SUCCEEDED).count();
  }

  private static Duration hold(int number) {
    return number % LONG_EVERY == 0 ? LONG : SHORT;
  }
}
