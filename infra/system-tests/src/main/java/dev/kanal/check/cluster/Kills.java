package dev.kanal.check.cluster;

import dev.kanal.check.history.Run;
import dev.kanal.check.mixed.Trouble;
import dev.kanal.check.server.Console;
import dev.kanal.check.server.Pause;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** Kills schedulers and workers one after the other, each at a moment drawn from the seed. */
public final class Kills implements Trouble {
  private static final int LEAST_CALM_MS = 2_000;
  private static final int MOST_CALM_MS = 8_000;
  private static final int LEAST_DOWN_MS = 500;
  private static final int MOST_DOWN_MS = 10_000;

  /** A connection that breaks this soon after a kill broke because of it. */
  private static final long BY_THE_KILL = 500_000;

  private final Cluster cluster;
  private final List<Kill> plan;
  private final List<Done> workersKilled = new ArrayList<>();

  private record Kill(boolean scheduler, int node, Duration calm, Duration down) {}

  private record Done(int node, long at) {}

  private Kills(Cluster cluster, List<Kill> plan) {
    this.cluster = cluster;
    this.plan = List.copyOf(plan);
  }

  /** Which of them is killed, and in what order, is drawn as well. */
  public static Kills atRandom(Cluster cluster, int schedulers, int workers, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Kill> plan = new ArrayList<>();
    int left = schedulers;
    for (int all = schedulers + workers; all > 0; all--) {
      boolean scheduler = random.nextInt(all) < left;
      left -= scheduler ? 1 : 0;
      int of = scheduler ? cluster.schedulers() : cluster.workers();
      plan.add(kill(scheduler, random.nextInt(of), random));
    }
    return new Kills(cluster, plan);
  }

  /** One after the other, each scheduler once before any of them again. */
  public static Kills inTurn(Cluster cluster, int schedulers, int workers, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Kill> plan = new ArrayList<>();
    for (int kill = 0; kill < schedulers; kill++) {
      plan.add(kill(true, kill % cluster.schedulers(), random));
    }
    for (int kill = 0; kill < workers; kill++) {
      plan.add(kill(false, kill % cluster.workers(), random));
    }
    return new Kills(cluster, plan);
  }

  private static Kill kill(boolean scheduler, int node, SplittableRandom random) {
    return new Kill(
        scheduler,
        node,
        Duration.ofMillis(random.nextInt(LEAST_CALM_MS, MOST_CALM_MS)),
        Duration.ofMillis(random.nextInt(LEAST_DOWN_MS, MOST_DOWN_MS)));
  }

  @Override
  public void make() throws InterruptedException {
    for (Kill kill : plan) {
      Pause.real().of(kill.calm());
      if (kill.scheduler()) {
        cluster.restartScheduler(kill.node(), kill.down());
      } else {
        workersKilled.add(new Done(kill.node(), now()));
        cluster.restartWorker(kill.node(), kill.down());
      }
    }
  }

  @Override
  public List<String> report(List<Run> runs) {
    return workersKilled.stream().map(kill -> report(kill, runs)).toList();
  }

  private static String report(Done kill, List<Run> runs) {
    List<Run> cut =
        runs.stream()
            .filter(run -> run.end() == Run.End.CUT)
            .filter(run -> run.span().end() >= kill.at())
            .filter(run -> run.span().end() < kill.at() + BY_THE_KILL)
            .toList();
    List<Long> waits =
        cut.stream()
            .flatMap(run -> next(run, runs).stream())
            .map(next -> next.span().start() - kill.at())
            .sorted()
            .toList();
    return "worker-%d killed: it ran %d jobs, %d of them ran again, the last after %s"
        .formatted(
            kill.node(),
            cut.size(),
            waits.size(),
            waits.isEmpty() ? "no time" : Console.time(Duration.ofMillis(waits.getLast() / 1_000)));
  }

  private static Optional<Run> next(Run cut, List<Run> runs) {
    return runs.stream()
        .filter(run -> run.job().equals(cut.job()))
        .filter(run -> run.span().start() > cut.span().end())
        .min(Comparator.comparingLong(run -> run.span().start()));
  }

  private static long now() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, InstantSource.system().instant());
  }
}
