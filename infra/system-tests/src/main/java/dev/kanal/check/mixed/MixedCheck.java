package dev.kanal.check.mixed;

import dev.kanal.check.history.Accepted;
import dev.kanal.check.history.Dispatch;
import dev.kanal.check.history.History;
import dev.kanal.check.history.JobEnd;
import dev.kanal.check.history.Judge;
import dev.kanal.check.history.Limits;
import dev.kanal.check.history.Run;
import dev.kanal.check.history.Spec;
import dev.kanal.check.history.Ticks;
import dev.kanal.check.lifecycle.LifecycleCounts;
import dev.kanal.check.lifecycle.LifecycleTally;
import dev.kanal.check.lifecycle.LifecycleTopic;
import dev.kanal.check.load.Crew;
import dev.kanal.check.load.Progress;
import dev.kanal.check.mix.Mix;
import dev.kanal.check.mix.MixedJob;
import dev.kanal.check.mix.QueueUse;
import dev.kanal.check.probe.Probe;
import dev.kanal.check.promise.Promise;
import dev.kanal.check.promise.Verdict;
import dev.kanal.check.server.CheckStopped;
import dev.kanal.check.server.Console;
import dev.kanal.check.server.KafkaAddress;
import dev.kanal.check.server.Pause;
import dev.kanal.check.server.Servers;
import dev.kanal.check.server.Session;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** One run of the mixed check. Used once. */
public final class MixedCheck {
  /** Jobs of the paused queue that are to expire or to be cancelled there need this long. */
  private static final Duration PAUSE_GOES_ON = Duration.ofSeconds(3);

  private static final Duration LAST_CANCELS = Duration.ofSeconds(30);

  private final String run =
      "mixed-" + Long.toString(InstantSource.system().millis(), Character.MAX_RADIX);
  private final Ledger ledger = new Ledger();
  private final List<String> notChecked = new ArrayList<>();
  private final List<Promise> promises = new ArrayList<>();
  private final List<Dispatch> dispatches = new ArrayList<>();
  private final Session session;
  private final Console console;
  private final Servers servers;
  private final MixedPlan plan;
  private final Trouble trouble;
  private final List<MixedJob> mix;

  public MixedCheck(Session session, MixedPlan plan, Trouble trouble) {
    this.session = session;
    this.console = session.console();
    this.servers = session.servers();
    this.plan = plan;
    this.trouble = trouble;
    this.mix = Mix.draw(plan.jobs(), plan.seed(), run, plan.kinds());
  }

  public Verdict run() throws InterruptedException {
    console.say(
        "run %s: %s jobs of %d kinds over %s, seed %d"
            .formatted(
                run,
                Console.count(plan.jobs()),
                plan.kinds().size(),
                Console.time(plan.over()),
                plan.seed()));
    long start = System.nanoTime();
    KafkaAddress kafka = session.kafka();
    if (kafka == null) {
      notChecked.add("the rate of a queue: /readyz does not name Kafka");
    }
    Map<TopicPartition, Long> offsets = kafka == null ? Map.of() : LifecycleTopic.at(kafka).end();
    try (Canceller canceller = new Canceller(servers, ledger);
        Probe probe = Probe.start(new MixScript(mix, canceller))) {
      Limits limits = feed(probe, canceller);
      List<JobEnd> ends = ends(canceller);
      LifecycleCounts counts = kafka == null ? null : lifecycle(kafka, offsets);
      History history = history(probe.runs(), ends, limits);
      promises.add(ledger.taken());
      promises.addAll(Judge.judge(history));
      if (counts != null) {
        promises.addAll(counts.promises());
      }
      Verdict verdict = new Verdict(promises, notChecked);
      verdict.table().forEach(console::say);
      report(history, counts, Duration.ofNanos(System.nanoTime() - start));
      console.say(verdict.conclusion());
      return verdict;
    }
  }

  private Limits feed(Probe probe, Canceller canceller) throws InterruptedException {
    QueueSetup queues = new QueueSetup(servers, plan, run, notChecked);
    queues.make();
    JobBodies bodies = new JobBodies(probe, run);
    Ticker ticker = new Ticker(servers, notChecked);
    if (plan.withSchedules()) {
      for (String rule : List.of("every", "cron")) {
        ticker.make(run + "-" + rule, rule, bodies.ofATick(QueueUse.PLAIN.name(run)));
      }
    }
    Feeder feeder = new Feeder(session, bodies, ledger, canceller);
    try (Progress _ =
        Progress.start(
            console,
            () ->
                "submitted %s of %s"
                    .formatted(Console.count(feeder.fed()), Console.count(plan.jobs())))) {
      together(
          () -> feeder.run(mix, plan.over()),
          () -> new Repeater(servers, bodies, ledger, run).run(mix),
          trouble::make);
    }
    Pause.real().of(PAUSE_GOES_ON);
    Limits limits = queues.resume();
    for (Ticks ticks : ticker.stop()) {
      ledger.schedule(ticks);
    }
    Ticker.jobs(ledger.schedules()).forEach(ledger::accept);
    return limits;
  }

  private interface Part {
    void run() throws InterruptedException;
  }

  private static void together(Part... parts) throws InterruptedException {
    ConcurrentLinkedQueue<Part> left = new ConcurrentLinkedQueue<>(List.of(parts));
    Callable<Void> next =
        () -> {
          Part part = left.poll();
          if (part != null) {
            part.run();
          }
          return null;
        };
    Crew.run("check-part-", parts.length, next);
  }

  private List<JobEnd> ends(Canceller canceller) throws InterruptedException {
    List<Accepted> jobs = ledger.accepted();
    EndReader reader = new EndReader(session, jobs);
    try (Progress _ =
        Progress.start(
            console,
            () ->
                "%s of %s accepted jobs have ended"
                    .formatted(Console.count(reader.done()), Console.count(jobs.size())))) {
      reader.await();
    }
    if (!canceller.finish(LAST_CANCELS)) {
      notChecked.add("some cancels were not answered");
    }
    return reader.readAgain();
  }

  private @Nullable LifecycleCounts lifecycle(
      KafkaAddress kafka, Map<TopicPartition, Long> offsets) {
    String slow = QueueUse.SLOW.name(run);
    LifecycleTally tally =
        new LifecycleTally(
            ledger.accepted().stream().map(Accepted::job).toList(),
            event -> {
              if (event.path("queue").asText().equals(slow)
                  && event.path("state").asText().equals("QUEUED")) {
                dispatches.add(
                    new Dispatch(
                        event.path("job").asText(), slow, event.path("at").asLong() * 1_000));
              }
            });
    try (Progress _ = Progress.start(console, () -> "reading " + kafka.prefix() + ".lifecycle")) {
      LifecycleTopic.at(kafka).read(offsets, tally);
      return tally.counts();
    } catch (CheckStopped e) {
      notChecked.add(e.getMessage());
      return null;
    }
  }

  private History history(List<Run> runs, List<JobEnd> ends, Limits limits) {
    Map<Integer, Spec> specs = new HashMap<>();
    mix.forEach(job -> specs.put(job.spec().index(), job.spec()));
    return new History(
        specs,
        ledger.accepted(),
        runs,
        ends,
        new History.Answers(ledger.cancels(), ledger.repeats(), ledger.schedules()),
        limits,
        dispatches,
        ledger.unsureOrder(),
        plan.kills());
  }

  private void report(History history, @Nullable LifecycleCounts counts, Duration time) {
    trouble.report(history.runs()).forEach(console::say);
    console.say(
        "%s runs of %s jobs in %s; duplicate executions %s"
            .formatted(
                Console.count(history.runs().size()),
                Console.count(history.accepted().size()),
                Console.time(time),
                Console.count(Judge.duplicates(history))));
    if (counts != null) {
      console.say(
          "by the engine's records: duplicate executions %s, retries %s, workers lost under a task %s"
              .formatted(
                  Console.count(counts.duplicates()),
                  Console.count(counts.retries()),
                  Console.count(counts.lost())));
    }
    console.say(
        "lines sent again that may exist twice %s, keys whose order is not known for it %s"
            .formatted(
                Console.count(ledger.sentTwice()), Console.count(history.unsureOrder().size())));
  }
}
