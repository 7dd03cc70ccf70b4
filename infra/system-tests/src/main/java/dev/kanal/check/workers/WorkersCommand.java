package dev.kanal.check.workers;

import dev.kanal.check.cluster.Cluster;
import dev.kanal.check.cluster.Layout;
import dev.kanal.check.promise.Verdict;
import dev.kanal.check.server.Console;
import dev.kanal.check.server.HumanDuration;
import dev.kanal.check.server.Session;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code check workers}: each check starts a cluster of its own. */
@Command(
    name = "workers",
    description = "Checks workers in a cluster of their own.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
public final class WorkersCommand {
  private static final String MORE_JVM = "-XX:+UseSerialGC";

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before any option is read
  private CommandSpec spec;

  /** An action on a cluster. */
  @FunctionalInterface
  private interface Check {
    Verdict run(Scene scene) throws InterruptedException;
  }

  @Command(
      name = "pool",
      description = "A burst of short jobs on one worker: its pool grows and shrinks again.",
      mixinStandardHelpOptions = true)
  int pool(@Option(names = "--jobs", defaultValue = "50000", description = "How many.") int jobs)
      throws InterruptedException {
    Layout layout =
        Layout.workers(
            1, "--worker.pool.min=" + PoolCheck.MIN, "--worker.pool.max=" + PoolCheck.MAX);
    return run(layout, Duration.ofMinutes(10), scene -> new PoolCheck(scene).run(jobs));
  }

  @Command(
      name = "mix",
      description = "Short jobs at a fixed rate, and then the same with long ones among them.",
      mixinStandardHelpOptions = true)
  int mix(
      @Option(
              names = "--over",
              defaultValue = "120s",
              converter = HumanDuration.class,
              description = "How long each.")
          Duration over)
      throws InterruptedException {
    int slots = MixCheck.SLOTS;
    Layout layout =
        Layout.workers(
            1,
            "--worker.slots=" + slots,
            "--worker.pool.min=" + slots,
            "--worker.pool.max=" + slots);
    Duration timeout = over.multipliedBy(2).plusMinutes(5);
    return run(layout, timeout, scene -> new MixCheck(scene).run(over));
  }

  @Command(
      name = "sleepers",
      description = "Very many sleeping jobs at once in one worker with a heap of 1 GiB.",
      mixinStandardHelpOptions = true)
  int sleepers(
      @Option(names = "--jobs", defaultValue = "100000", description = "How many.") int jobs)
      throws InterruptedException {
    Layout layout =
        Layout.workers(1, "--worker.slots=" + jobs, "--worker.pool.max=" + jobs)
            .withWorkerJvm("-Xmx1g " + MORE_JVM);
    return run(layout, Duration.ofMinutes(10), scene -> new SleepersCheck(scene).run(jobs));
  }

  @Command(
      name = "stops",
      description = "One of three workers is killed, and another told to stop, in mid-run.",
      mixinStandardHelpOptions = true)
  int stops(@Option(names = "--jobs", defaultValue = "30000", description = "How many.") int jobs)
      throws InterruptedException {
    Layout layout =
        Layout.workers(3, "--worker.grace=" + StopsCheck.GRACE, "--worker.pool.min=300");
    return run(layout, Duration.ofMinutes(10), scene -> new StopsCheck(scene).run(jobs));
  }

  @Command(
      name = "outage",
      description = "The broker goes in mid-run and comes back.",
      mixinStandardHelpOptions = true)
  int outage(
      @Option(names = "--jobs", defaultValue = "20000", description = "How many.") int jobs,
      @Option(
              names = "--away",
              defaultValue = "60s",
              converter = HumanDuration.class,
              description = "How long the broker is away.")
          Duration away)
      throws InterruptedException {
    Duration timeout = away.plusMinutes(10);
    return run(Layout.workers(2), timeout, scene -> new OutageCheck(scene).run(jobs, away));
  }

  @Command(
      name = "interrupts",
      description = "How soon cancel, timeout and deadline reach a running handler.",
      mixinStandardHelpOptions = true)
  int interrupts(
      @Option(names = "--each", defaultValue = "200", description = "How many of each.") int each)
      throws InterruptedException {
    Layout layout = Layout.workers(2, "--worker.pool.min=" + each);
    return run(layout, Duration.ofMinutes(5), scene -> new InterruptsCheck(scene).run(each));
  }

  private int run(Layout layout, Duration timeout, Check check) throws InterruptedException {
    Console console = new Console(spec.commandLine().getOut());
    try (Cluster cluster = Cluster.start(layout, console);
        Session session = Session.open(cluster.urls(), timeout, console)) {
      return check.run(new Scene(cluster, session)).passed() ? 0 : 1;
    }
  }
}
