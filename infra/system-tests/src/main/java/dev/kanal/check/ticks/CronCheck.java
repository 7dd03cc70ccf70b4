package dev.kanal.check.ticks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kanal.check.history.Accepted;
import dev.kanal.check.history.History;
import dev.kanal.check.history.JobEnd;
import dev.kanal.check.history.Judge;
import dev.kanal.check.history.Limits;
import dev.kanal.check.history.Run;
import dev.kanal.check.history.Ticks;
import dev.kanal.check.load.Crew;
import dev.kanal.check.mixed.EndReader;
import dev.kanal.check.mixed.Ticker;
import dev.kanal.check.mixed.Trouble;
import dev.kanal.check.probe.Call;
import dev.kanal.check.probe.Play;
import dev.kanal.check.probe.Probe;
import dev.kanal.check.probe.Script;
import dev.kanal.check.promise.Promise;
import dev.kanal.check.promise.PromiseTally;
import dev.kanal.check.promise.Verdict;
import dev.kanal.check.server.Console;
import dev.kanal.check.server.Pause;
import dev.kanal.check.server.Session;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/** One run of the check of a schedule. Used once. */
final class CronCheck {
  /** Until the first tick that counts, and after the last one. */
  private static final Duration MARGIN = Duration.ofSeconds(5);

  private static final long SECOND = 1_000_000;

  private final String name = "cron-" + Long.toString(InstantSource.system().millis(), 36);
  private final List<String> notChecked = new ArrayList<>();
  private final Session session;
  private final Console console;
  private final int seconds;
  private final Trouble trouble;

  CronCheck(Session session, int seconds, Trouble trouble) {
    this.session = session;
    this.console = session.console();
    this.seconds = seconds;
    this.trouble = trouble;
  }

  Verdict run(boolean kills) throws InterruptedException {
    try (Probe probe = Probe.start(new Tick())) {
      Ticker ticker = new Ticker(session.servers(), notChecked);
      ticker.make(name, "cron", job(probe));
      console.say("schedule %s ticks for %d seconds".formatted(name, seconds));
      AtomicBoolean waits = new AtomicBoolean();
      Crew.run(
          "check-cron-",
          2,
          () -> {
            if (waits.compareAndSet(false, true)) {
              Pause.real().of(MARGIN.multipliedBy(2).plusSeconds(seconds));
            } else {
              trouble.make();
            }
            return null;
          });
      List<Ticks> schedules = ticker.stop();
      List<Accepted> jobs = Ticker.jobs(schedules);
      EndReader reader = new EndReader(session, jobs);
      reader.await();
      List<JobEnd> ends = reader.readAgain();
      return verdict(history(probe.runs(), ends, schedules, kills));
    }
  }

  private Verdict verdict(History history) {
    List<Promise> promises = new ArrayList<>();
    for (Promise promise : Judge.judge(history)) {
      if (promise.checked() > 0) {
        promises.add(promise);
      }
    }
    promises.add(exactly(history));
    Verdict verdict = new Verdict(promises, notChecked);
    verdict.table().forEach(console::say);
    trouble.report(history.runs()).forEach(console::say);
    console.say(
        "%d runs, duplicate executions %d"
            .formatted(history.runs().size(), Judge.duplicates(history)));
    console.say(verdict.conclusion());
    return verdict;
  }

  /** As many jobs as the window has seconds. */
  private Promise exactly(History history) {
    PromiseTally exactly = new PromiseTally("%d seconds, %d jobs".formatted(seconds, seconds));
    for (Ticks schedule : history.answers().schedules()) {
      long from = schedule.from();
      long count =
          schedule.ticks().stream()
              .filter(tick -> tick.at() >= from && tick.at() < from + seconds * SECOND)
              .count();
      exactly.check(count == seconds, () -> "there are " + count);
    }
    return exactly.toPromise();
  }

  private static History history(
      List<Run> runs, List<JobEnd> ends, List<Ticks> schedules, boolean kills) {
    return new History(
        Map.of(),
        Ticker.jobs(schedules),
        runs,
        ends,
        new History.Answers(List.of(), List.of(), schedules),
        Limits.NONE,
        List.of(),
        Set.of(),
        kills);
  }

  private static ObjectNode job(Probe probe) {
    ObjectNode job = new ObjectMapper().createObjectNode().put("type", "http");
    job.putObject("payload").put("url", probe.url("/tick"));
    return job;
  }

  /** Answers at once. */
  private static final class Tick implements Script {
    @Override
    public int index(String path) {
      return Run.TICK;
    }

    @Override
    public Play play(Call call) {
      return new Play(Duration.ZERO, Run.End.SUCCEEDED);
    }
  }
}
