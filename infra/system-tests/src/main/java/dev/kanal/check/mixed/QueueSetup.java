package dev.kanal.check.mixed;

import dev.kanal.check.history.Limits;
import dev.kanal.check.mix.Kind;
import dev.kanal.check.mix.QueueUse;
import dev.kanal.check.server.Answer;
import dev.kanal.check.server.Pause;
import dev.kanal.check.server.Servers;
import dev.kanal.check.server.Texts;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Creates the queues of a run, and returns their limits. */
final class QueueSetup {
  /** Changes of a queue are known everywhere after this. */
  private static final Duration KNOWN_EVERYWHERE = Duration.ofSeconds(2);

  private static final int CONCURRENCY = 4;
  private static final int LEAST_PERMITS = 20;
  private static final int JOBS_PER_PERMIT = 1_000;

  private final Servers servers;
  private final MixedPlan plan;
  private final String run;
  private final List<String> problems;

  /**
   * @param problems receives what could not be set
   */
  QueueSetup(Servers servers, MixedPlan plan, String run, List<String> problems) {
    this.servers = servers;
    this.plan = plan;
    this.run = run;
    this.problems = problems;
  }

  private int permits() {
    return Math.max(LEAST_PERMITS, plan.jobs() / JOBS_PER_PERMIT);
  }

  private Set<QueueUse> uses() {
    return plan.kinds().stream()
        .map(Kind::queue)
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(QueueUse.class)));
  }

  /** Returns once the settings hold everywhere. */
  void make() throws InterruptedException {
    for (QueueUse use : uses()) {
      String settings =
          switch (use) {
            case PLAIN -> "{}";
            case FEW -> "{\"concurrency\":%d}".formatted(CONCURRENCY);
            case SLOW -> "{\"rate\":{\"permits\":%d,\"per\":\"1s\"}}".formatted(permits());
            case PAUSED -> "{\"paused\":true}";
          };
      call("PUT", "/v1/queues/" + use.name(run), settings);
    }
    Pause.real().of(KNOWN_EVERYWHERE);
  }

  /** Resumes the paused queue. */
  Limits resume() throws InterruptedException {
    long resumed = Ledger.now();
    Set<QueueUse> uses = uses();
    if (uses.contains(QueueUse.PAUSED)) {
      call("POST", "/v1/queues/" + QueueUse.PAUSED.name(run) + "/resume", "");
    }
    return new Limits(
        Map.of(QueueUse.FEW.name(run), CONCURRENCY),
        Map.of(QueueUse.SLOW.name(run), new Limits.Rate(permits(), 1_000_000)),
        Set.of(QueueUse.PAUSED.name(run)),
        resumed);
  }

  private void call(String method, String path, String body) throws InterruptedException {
    String given = body.isEmpty() ? null : body;
    Answer answer = servers.ask(client -> client.call(method, path, given, Map.of()));
    String problem =
        switch (answer) {
          case Answer.Got got when got.status() / 100 == 2 -> "";
          case Answer.Got got -> "status " + got.status() + ": " + Texts.shorten(got.body());
          case Answer.Away away -> away.why();
        };
    if (!problem.isEmpty()) {
      problems.add(method + " " + path + ": " + problem);
    }
  }
}
