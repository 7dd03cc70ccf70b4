package dev.kanal.standalone;

import dev.kanal.common.clock.Clocks;
import dev.kanal.common.config.ConfigException;
import dev.kanal.common.config.HttpConfig;
import dev.kanal.common.config.KafkaConfig;
import dev.kanal.common.config.LogConfig;
import dev.kanal.common.config.Role;
import dev.kanal.common.config.Settings;
import dev.kanal.common.config.WorkerConfig;
import dev.kanal.common.telemetry.Telemetry;
import dev.kanal.embedded.KafkaFault;
import dev.kanal.scheduler.Scheduler;
import dev.kanal.worker.Worker;
import dev.kanal.worker.builtin.HttpHandler;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The programs {@code up}, {@code scheduler} and {@code worker}. */
public final class KanalApplication {
  private static final Logger log = LoggerFactory.getLogger(KanalApplication.class);
  private static final int CAUSES_MAX = 20;
  private static final String USAGE =
      """
      Usage: kanal up|scheduler|worker [--KEY=VALUE ...] [--config=FILE]

        up         everything in one process, with a Kafka broker unless kafka.bootstrap is set
        scheduler  API and engine; needs kafka.bootstrap
        worker     runs tasks; needs kafka.bootstrap

      Settings: docs/CONFIGURATION.md. KEY=VALUE may also be set as KANAL_KEY in the environment.
      """;

  private KanalApplication() {}

  public static void main(String[] arguments) {
    Logs.begin();
    HttpHandler.callAnyName();
    List<String> all = Arrays.asList(arguments);
    String command = all.isEmpty() ? "" : all.getFirst();
    if (command.isEmpty() || all.contains("--help") || all.contains("-h")) {
      System.out.print(USAGE);
      return;
    }
    Lifetime lifetime = new Lifetime(System.out, System.err);
    lifetime.stopOnSignal();
    try {
      run(command, all.subList(1, all.size()), lifetime);
    } catch (ConfigException e) {
      lifetime.fail(e.problems());
    } catch (StartProblem e) {
      log.debug("The start failed", e);
      lifetime.fail(List.of(e.getMessage()));
    } catch (RuntimeException e) {
      log.error("Expected to start, but did not", e);
      lifetime.fail(List.of("the start failed, see the log above: " + e));
    }
    // Reached only once it runs, or is being stopped.
    lifetime.awaitSignal();
  }

  private static void run(String command, List<String> arguments, Lifetime lifetime)
      throws ConfigException, StartProblem {
    Role role =
        switch (command) {
          case "up" -> Role.STANDALONE;
          case "scheduler" -> Role.SCHEDULER;
          case "worker" -> Role.WORKER;
          default ->
              throw new StartProblem(
                  "unknown command " + command + "; known are up, scheduler, worker");
        };
    Settings settings = Settings.resolve(role, CommandLine.read(arguments, System.getenv()));
    Telemetry telemetry = lifetime.running().add(ProcessTelemetry.start(role));
    Logs.use(LogConfig.from(settings), telemetry);
    Roles roles =
        new Roles(
            settings,
            lifetime.running(),
            Clocks.system(),
            telemetry,
            fault -> lifetime.die(explained(fault)));
    switch (role) {
      case STANDALONE -> up(settings, roles, lifetime);
      case SCHEDULER -> scheduler(settings, roles, lifetime);
      case WORKER -> worker(settings, roles, lifetime);
    }
  }

  private static void up(Settings settings, Roles roles, Lifetime lifetime) throws StartProblem {
    ApiAddress api = ApiAddress.check(HttpConfig.from(settings));
    Path data = roles.lockData();
    logSettings(settings);
    KafkaConfig kafka = roles.kafka();
    Scheduler scheduler = roles.scheduler(kafka);
    endWith(scheduler, lifetime);
    roles.standaloneWorker(kafka);
    String url = api.url(scheduler.port());
    roles.awaitReady(scheduler, url);
    System.out.printf(
        """

        Kanal is ready: %s
        Data is in %s, Kafka is at %s. Ctrl-C stops.

        A first job:
          curl -s %s/v1/jobs -H 'Content-Type: application/json' -H 'Prefer: wait=10' \
        -d '{"type":"sum","payload":{"data":[1,2,3]}}'

        """,
        url, data.toAbsolutePath(), kafka.bootstrap(), url);
  }

  private static void scheduler(Settings settings, Roles roles, Lifetime lifetime)
      throws StartProblem {
    ApiAddress api = ApiAddress.check(HttpConfig.from(settings));
    var _ = roles.lockData();
    logSettings(settings);
    KafkaConfig kafka = roles.kafka();
    Scheduler scheduler = roles.scheduler(kafka);
    endWith(scheduler, lifetime);
    String url = api.url(scheduler.port());
    roles.awaitReady(scheduler, url);
    System.out.println("The scheduler is ready: " + url);
  }

  private static void worker(Settings settings, Roles roles, Lifetime lifetime)
      throws StartProblem {
    logSettings(settings);
    KafkaConfig kafka = roles.kafka();
    Worker worker = roles.worker(kafka);
    System.out.println("The worker takes tasks from " + kafka.bootstrap());
    if (worker.httpPort() >= 0) {
      System.out.println(
          "It listens on " + WorkerConfig.from(settings).http().host() + ":" + worker.httpPort());
    }
    var _ =
        worker
            .drained()
            .thenRunAsync(
                lifetime::finish, task -> Thread.ofPlatform().name("kanal-drained").start(task));
  }

  private static void endWith(Scheduler scheduler, Lifetime lifetime) {
    var _ =
        scheduler
            .lost()
            .thenAcceptAsync(
                problem -> lifetime.fail(List.of(problem)),
                task -> Thread.ofPlatform().name("kanal-lost").start(task));
  }

  private static String explained(KafkaFault fault) {
    Throwable cause = fault.cause();
    for (int depth = 0; cause != null && cause.getCause() != null && depth < CAUSES_MAX; depth++) {
      cause = cause.getCause();
    }
    return "the built-in broker failed: "
        + fault.message()
        + (cause == null ? "" : " (" + cause.getMessage() + ")")
        + "; mend the cause and start again, nothing that was accepted is lost";
  }

  /** Only once the settings are found to be right, so that a problem stands alone. */
  private static void logSettings(Settings settings) {
    settings.effective().forEach(line -> log.info("{}", line));
    OtelVariables.shown(System.getenv()).forEach(line -> log.info("{}", line));
    log.info("All other settings are at their defaults (docs/CONFIGURATION.md)");
  }
}
