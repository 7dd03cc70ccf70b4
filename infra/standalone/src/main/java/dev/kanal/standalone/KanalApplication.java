package dev.kanal.standalone;

import dev.kanal.common.clock.Clocks;
import dev.kanal.common.config.ConfigException;
import dev.kanal.common.config.DataConfig;
import dev.kanal.common.config.HttpConfig;
import dev.kanal.common.config.KafkaConfig;
import dev.kanal.common.config.Role;
import dev.kanal.common.config.Settings;
import dev.kanal.scheduler.Scheduler;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The programs {@code up}, {@code scheduler} and {@code worker}. */
public final class KanalApplication {
  private static final Logger log = LoggerFactory.getLogger(KanalApplication.class);
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
    List<String> all = Arrays.asList(arguments);
    String command = all.isEmpty() ? "" : all.getFirst();
    if (command.isEmpty() || all.contains("--help") || all.contains("-h")) {
      System.out.print(USAGE);
      return;
    }
    Running running = new Running();
    try {
      run(command, all.subList(1, all.size()), running);
    } catch (ConfigException e) {
      e.problems().forEach(problem -> System.err.println("kanal: " + problem));
      exit(running, 1);
    } catch (StartProblem e) {
      log.debug("The start failed", e);
      System.err.println("kanal: " + e.getMessage());
      exit(running, 1);
    }
  }

  private static void run(String command, List<String> arguments, Running running)
      throws ConfigException, StartProblem {
    Role role =
        switch (command) {
          case "up" -> Role.STANDALONE;
          case "scheduler" -> Role.SCHEDULER;
          case "worker" -> Role.WORKER;
          default -> throw new StartProblem("unknown command " + command + "; try --help");
        };
    Settings settings = Settings.resolve(role, CommandLine.read(arguments, System.getenv()));
    Roles roles = new Roles(settings, running, Clocks.system());
    settings.effective().forEach(line -> log.info("{}", line));
    switch (role) {
      case STANDALONE -> up(settings, roles, running);
      case SCHEDULER -> scheduler(settings, roles, running);
      case WORKER -> {
        KafkaConfig kafka = roles.externalKafka();
        roles.worker(kafka);
        System.out.println("The worker takes tasks from " + kafka.bootstrap());
      }
    }
    stopOnSignal(running);
  }

  private static void up(Settings settings, Roles roles, Running running) throws StartProblem {
    roles.checkPort();
    DataConfig data = DataConfig.from(settings);
    running.add(DataLock.take(data.directory()));
    KafkaConfig kafka = roles.kafka();
    Scheduler scheduler = roles.scheduler(kafka);
    roles.standaloneWorker(kafka);
    roles.awaitReady(scheduler);
    String url = "http://" + HttpConfig.from(settings).host() + ":" + scheduler.port();
    System.out.printf(
        """

        Kanal is ready: %s
        Data is in %s, Kafka is at %s. Ctrl-C stops.

        A first job:
          curl -s %s/v1/jobs -H 'Content-Type: application/json' -H 'Prefer: wait=10' \
        -d '{"type":"sum","payload":{"data":[1,2,3]}}'

        """,
        url, data.directory().toAbsolutePath(), kafka.bootstrap(), url);
  }

  private static void scheduler(Settings settings, Roles roles, Running running)
      throws StartProblem {
    KafkaConfig kafka = roles.externalKafka();
    roles.checkPort();
    running.add(DataLock.take(DataConfig.from(settings).directory()));
    Scheduler scheduler = roles.scheduler(kafka);
    roles.awaitReady(scheduler);
    System.out.println(
        "The scheduler is ready: http://"
            + HttpConfig.from(settings).host()
            + ":"
            + scheduler.port());
  }

  private static void stopOnSignal(Running running) {
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .name("kanal-stop")
                .unstarted(
                    () -> {
                      System.out.println("Stopping");
                      running.close();
                      System.out.println("Stopped");
                    }));
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void exit(Running running, int status) {
    running.close();
    System.exit(status);
  }
}
