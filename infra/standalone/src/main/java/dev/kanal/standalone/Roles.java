package dev.kanal.standalone;

import dev.kanal.common.access.Needs;
import dev.kanal.common.channel.Topics;
import dev.kanal.common.clock.Clocks;
import dev.kanal.common.config.ClientKind;
import dev.kanal.common.config.DataConfig;
import dev.kanal.common.config.HandlersConfig;
import dev.kanal.common.config.HttpConfig;
import dev.kanal.common.config.HttpHandlerConfig;
import dev.kanal.common.config.KafkaConfig;
import dev.kanal.common.config.LimitsConfig;
import dev.kanal.common.config.Settings;
import dev.kanal.common.config.TelemetryConfig;
import dev.kanal.common.config.WorkerConfig;
import dev.kanal.common.telemetry.Telemetry;
import dev.kanal.embedded.EmbeddedKafka;
import dev.kanal.embedded.EmbeddedKafkaException;
import dev.kanal.embedded.KafkaFault;
import dev.kanal.scheduler.Scheduler;
import dev.kanal.scheduler.SchedulerConfig;
import dev.kanal.scheduler.StartException;
import dev.kanal.scheduler.queues.ProvisioningException;
import dev.kanal.worker.HandlersException;
import dev.kanal.worker.KafkaAwayException;
import dev.kanal.worker.Worker;
import dev.kanal.worker.WorkerBuilder;
import dev.kanal.worker.builtin.HttpHandler;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the parts of a program. Belongs to the starting thread. */
final class Roles {
  private static final Logger log = LoggerFactory.getLogger(Roles.class);

  /** With everything in one process no other worker takes over: a short grace is enough. */
  private static final Duration STANDALONE_GRACE_MAX = Duration.ofSeconds(3);

  /** Where an image is given jars. */
  private static final Path HANDLERS = Path.of("/handlers");

  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(5);
  private static final Duration LOOK_EVERY = Duration.ofMillis(20);

  private final Settings settings;
  private final Running running;
  private final Clocks clocks;
  private final Consumer<KafkaFault> brokerFailed;
  private final Telemetry telemetry;
  private final KafkaWait wait;

  /**
   * @param telemetry takes spans and metrics
   * @param brokerFailed called when the built-in broker cannot go on, on one of the broker's
   *     threads
   */
  Roles(
      Settings settings,
      Running running,
      Clocks clocks,
      Telemetry telemetry,
      Consumer<KafkaFault> brokerFailed) {
    this.settings = settings;
    this.running = running;
    this.clocks = clocks;
    this.telemetry = telemetry;
    this.brokerFailed = brokerFailed;
    this.wait = new KafkaWait(clocks.ticker(), KafkaConfig.from(settings).startTimeout());
  }

  /** Where the brokers are: the built-in one is started unless others are named. */
  KafkaConfig kafka() throws StartProblem {
    KafkaConfig config = KafkaConfig.from(settings);
    if (!config.bootstrap().isEmpty()) {
      return config;
    }
    DataConfig data = DataConfig.from(settings);
    BrokerPort port = new BrokerPort(data.directory());
    try {
      EmbeddedKafka kafka = running.add(start(data, port));
      var _ = kafka.failed().thenAccept(brokerFailed);
      port.keep(kafka.port(0));
      return new KafkaConfig(
          kafka.bootstrapServers(), config.prefix(), config.replication(), config.startTimeout());
    } catch (EmbeddedKafkaException e) {
      throw new StartProblem(e.getMessage() + advice(e.problem()), e);
    }
  }

  /** On the port of the last time if it is free; a port that was asked for must be free. */
  private static EmbeddedKafka start(DataConfig data, BrokerPort port) {
    Path directory = data.directory().resolve("kafka");
    if (data.brokerPort() != BrokerPort.ANY) {
      return EmbeddedKafka.persistent(directory, data.brokerPort());
    }
    int kept = port.kept();
    try {
      return EmbeddedKafka.persistent(directory, kept);
    } catch (EmbeddedKafkaException e) {
      if (e.problem() != EmbeddedKafkaException.Problem.PORT_TAKEN || kept == BrokerPort.ANY) {
        throw e;
      }
      log.info("Port {}, the broker's until now, is taken; it gets another", kept);
      return EmbeddedKafka.persistent(directory, BrokerPort.ANY);
    }
  }

  /** Keeps the data directory to this process, and names it. */
  Path lockData() throws StartProblem {
    Path directory = DataConfig.from(settings).directory();
    running.add(DataLock.take(directory));
    return directory;
  }

  private Object reachable(KafkaConfig config) throws StartProblem, KafkaAway {
    KafkaProbe.check(config.bootstrap(), settings.client(ClientKind.COMMON));
    return config;
  }

  /** Blocks until Kafka is there, and the scheduler listens. */
  Scheduler scheduler(KafkaConfig kafka) throws StartProblem {
    HttpConfig http = HttpConfig.from(settings);
    return wait.until(
        new KafkaWait.Place(http.host(), http.port()),
        () -> reachable(kafka),
        () -> startScheduler(kafka));
  }

  private Scheduler startScheduler(KafkaConfig kafka) throws StartProblem, KafkaAway {
    DataConfig data = DataConfig.from(settings);
    try {
      SchedulerConfig config =
          SchedulerConfig.from(settings, kafka, data.directory().resolve("scheduler"));
      return running.add(Scheduler.start(config, clocks, telemetry));
    } catch (ProvisioningException e) {
      String message = String.valueOf(e.getMessage());
      if (e.mayPass()) {
        throw new KafkaAway(message, e);
      }
      throw new StartProblem(message, e);
    } catch (StartException | IllegalArgumentException e) {
      throw new StartProblem(String.valueOf(e.getMessage()), e);
    }
  }

  Worker standaloneWorker(KafkaConfig kafka) throws StartProblem {
    WorkerConfig config = WorkerConfig.from(settings);
    boolean shorter = config.grace().compareTo(STANDALONE_GRACE_MAX) > 0;
    WorkerConfig used = shorter ? config.withGrace(STANDALONE_GRACE_MAX) : config;
    Worker worker = built(builder(kafka, used).askAboutOld(true), "");
    return wait.until(KafkaWait.Place.NONE, () -> allowed(kafka), () -> started(worker));
  }

  /** Blocks until Kafka is there, and the worker runs. */
  Worker worker(KafkaConfig kafka) throws StartProblem {
    WorkerConfig config = WorkerConfig.from(settings);
    String folder = Files.isDirectory(HANDLERS) ? HANDLERS.toString() : "";
    Worker worker = built(listening(builder(kafka, config), config.http()), folder);
    return wait.until(
        new KafkaWait.Place(config.http().host(), config.http().port()),
        () -> {
          Object there = reachable(kafka);
          allowed(kafka);
          return there;
        },
        () -> started(worker));
  }

  /** A scheduler checks its own needs, once it has made its topics. */
  private Object allowed(KafkaConfig kafka) throws StartProblem, KafkaAway {
    KafkaProbe.checkAccess(
        kafka, settings.client(ClientKind.COMMON), Needs.ofWorker(new Topics(kafka.prefix())));
    return kafka;
  }

  private static WorkerBuilder listening(WorkerBuilder builder, WorkerConfig.Http http) {
    if (http.port() < 0) {
      return builder;
    }
    return http.given()
        ? builder.http(http.host(), http.port())
        : builder.httpOrFree(http.host(), http.port());
  }

  /**
   * Blocks until the API itself says that the scheduler's shards are up to date, however long that
   * takes. So the classes that a first call loads are there before any other call comes.
   *
   * @param url of the API
   */
  void awaitReady(Scheduler scheduler, String url) throws StartProblem {
    while (true) {
      String trouble = "";
      try {
        if (isReady(url + "/readyz")) {
          return;
        }
      } catch (IOException e) {
        trouble = url + " does not answer: " + e.getMessage() + "; ";
      }
      String detail = trouble + scheduler.health().detail();
      wait.report(
          new KafkaAway("the engine is not ready (" + detail + ")", new IOException(detail)));
      LockSupport.parkNanos(LOOK_EVERY.toNanos());
    }
  }

  private static boolean isReady(String url) throws IOException {
    HttpURLConnection call =
        (HttpURLConnection) URI.create(url).toURL().openConnection(Proxy.NO_PROXY);
    try {
      call.setConnectTimeout((int) ANSWER_WITHIN.toMillis());
      call.setReadTimeout((int) ANSWER_WITHIN.toMillis());
      return call.getResponseCode() == HttpURLConnection.HTTP_OK;
    } finally {
      call.disconnect();
    }
  }

  private WorkerBuilder builder(KafkaConfig kafka, WorkerConfig config) throws StartProblem {
    WorkerBuilder builder =
        Worker.builder()
            .bootstrap(kafka.bootstrap())
            .prefix(kafka.prefix())
            .kafka(settings.client(ClientKind.COMMON))
            .slots(config.slots())
            .pool(config.poolMin(), config.poolMax())
            .grace(config.grace())
            .handOff(config.handOff())
            .resultLimit(LimitsConfig.from(settings).result())
            .clocks(clocks)
            .telemetry(telemetry)
            .telemetry(TelemetryConfig.from(settings))
            .handle(httpHandler());
    boolean all = config.queues().contains("*");
    builder.queues(all ? new String[0] : config.queues().toArray(String[]::new));
    if (!config.id().isEmpty()) {
      builder.name(config.id());
    }
    return builder;
  }

  private HttpHandler httpHandler() throws StartProblem {
    try {
      return new HttpHandler(HttpHandlerConfig.from(settings));
    } catch (IllegalArgumentException e) {
      throw new StartProblem(String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * @param folder with handler jars unless the settings name one; empty for none
   */
  private Worker built(WorkerBuilder builder, String folder) throws StartProblem {
    String named = HandlersConfig.from(settings).folder();
    String used = named.isEmpty() ? folder : named;
    try {
      if (!used.isEmpty()) {
        builder.handlers(Path.of(used));
      }
      return running.add(builder.build());
    } catch (HandlersException | InvalidPathException e) {
      throw new StartProblem(e.getMessage() + " (worker.handlers)", e);
    } catch (IllegalStateException e) {
      throw new StartProblem(String.valueOf(e.getMessage()), e);
    }
  }

  private static Worker started(Worker worker) throws StartProblem, KafkaAway {
    try {
      worker.start();
      return worker;
    } catch (KafkaAwayException e) {
      throw new KafkaAway(String.valueOf(e.getMessage()), e);
    } catch (IllegalStateException e) {
      throw new StartProblem(String.valueOf(e.getMessage()), e);
    }
  }

  private static String advice(EmbeddedKafkaException.Problem problem) {
    return switch (problem) {
      case IN_USE -> ": stop the other process, or choose another directory with KANAL_DATA";
      case NOT_WRITABLE, NOT_A_DATA_DIRECTORY -> ": choose another directory with KANAL_DATA";
      case DISK_FULL -> ": make room, or choose another directory with KANAL_DATA";
      case PORT_TAKEN -> ": choose another with KANAL_BROKER_PORT";
      case START_FAILED -> "";
    };
  }
}
