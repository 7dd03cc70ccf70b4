package dev.kanal.standalone;

import dev.kanal.common.clock.Clocks;
import dev.kanal.common.config.ClientKind;
import dev.kanal.common.config.DataConfig;
import dev.kanal.common.config.HttpConfig;
import dev.kanal.common.config.KafkaConfig;
import dev.kanal.common.config.LimitsConfig;
import dev.kanal.common.config.Settings;
import dev.kanal.common.config.WorkerConfig;
import dev.kanal.embedded.EmbeddedKafka;
import dev.kanal.embedded.EmbeddedKafkaException;
import dev.kanal.scheduler.Scheduler;
import dev.kanal.scheduler.SchedulerConfig;
import dev.kanal.scheduler.StartException;
import dev.kanal.scheduler.queues.ProvisioningException;
import dev.kanal.worker.Worker;
import dev.kanal.worker.WorkerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Starts the parts of a program. Belongs to the starting thread. */
final class Roles {
  /** With everything in one process nobody else takes over: a short grace is enough. */
  private static final Duration STANDALONE_GRACE_MAX = Duration.ofSeconds(5);

  private static final Duration READY_WITHIN = Duration.ofSeconds(60);
  private static final Duration LOOK_EVERY = Duration.ofMillis(20);

  private final Settings settings;
  private final Running running;
  private final Clocks clocks;

  Roles(Settings settings, Running running, Clocks clocks) {
    this.settings = settings;
    this.running = running;
    this.clocks = clocks;
  }

  /** Where the brokers are: the built-in one is started unless others are named. */
  KafkaConfig kafka() throws StartProblem {
    KafkaConfig config = KafkaConfig.from(settings);
    if (!config.bootstrap().isEmpty()) {
      return config;
    }
    DataConfig data = DataConfig.from(settings);
    try {
      EmbeddedKafka kafka =
          running.add(
              EmbeddedKafka.persistent(data.directory().resolve("kafka"), data.brokerPort()));
      return new KafkaConfig(kafka.bootstrapServers(), config.prefix(), config.replication());
    } catch (EmbeddedKafkaException e) {
      throw new StartProblem(e.getMessage() + advice(e.problem()), e);
    }
  }

  /** The brokers that must be named when there is no built-in one. */
  KafkaConfig externalKafka() throws StartProblem {
    KafkaConfig config = KafkaConfig.from(settings);
    if (config.bootstrap().isEmpty()) {
      throw new StartProblem("set KANAL_KAFKA_BOOTSTRAP=host:port to the Kafka cluster to use");
    }
    return config;
  }

  Scheduler scheduler(KafkaConfig kafka) throws StartProblem {
    DataConfig data = DataConfig.from(settings);
    try {
      SchedulerConfig config =
          SchedulerConfig.from(settings, kafka, data.directory().resolve("scheduler"));
      return running.add(Scheduler.start(config, clocks));
    } catch (ProvisioningException | StartException | IllegalArgumentException e) {
      throw new StartProblem(String.valueOf(e.getMessage()), e);
    }
  }

  Worker standaloneWorker(KafkaConfig kafka) {
    WorkerConfig config = WorkerConfig.from(settings);
    boolean shorter = config.grace().compareTo(STANDALONE_GRACE_MAX) > 0;
    return worker(kafka, shorter ? config.withGrace(STANDALONE_GRACE_MAX) : config);
  }

  Worker worker(KafkaConfig kafka) {
    return worker(kafka, WorkerConfig.from(settings));
  }

  /** Fails early, before anything is started, if the API could not listen. */
  void checkPort() throws StartProblem {
    HttpConfig http = HttpConfig.from(settings);
    try {
      InetAddress address = InetAddress.getByName(http.host());
      if (!address.isLoopbackAddress() && !http.authOff()) {
        throw new StartProblem(
            "http.host="
                + http.host()
                + " would serve other hosts without authentication: set auth=off if that is"
                + " meant, or listen at 127.0.0.1");
      }
      try (ServerSocket probe = new ServerSocket()) {
        probe.setReuseAddress(true);
        probe.bind(new InetSocketAddress(address, http.port()));
      }
    } catch (IOException e) {
      throw new StartProblem(
          "port "
              + http.port()
              + " at "
              + http.host()
              + " cannot be listened at ("
              + e.getMessage()
              + "): stop what listens there, or choose another with KANAL_HTTP_PORT",
          e);
    }
  }

  /** Blocks until the scheduler's shards are up to date. */
  void awaitReady(Scheduler scheduler) throws StartProblem {
    long deadline = clocks.ticker().nanos() + READY_WITHIN.toNanos();
    while (!scheduler.health().ready()) {
      if (clocks.ticker().nanos() > deadline) {
        throw new StartProblem(
            "the engine is not ready after "
                + READY_WITHIN
                + " ("
                + scheduler.health().detail()
                + "): see the log above, and whether Kafka is well");
      }
      LockSupport.parkNanos(LOOK_EVERY.toNanos());
    }
  }

  private Worker worker(KafkaConfig kafka, WorkerConfig config) {
    WorkerBuilder builder =
        Worker.builder()
            .bootstrap(kafka.bootstrap())
            .prefix(kafka.prefix())
            .kafka(settings.client(ClientKind.COMMON))
            .slots(config.slots())
            .grace(config.grace())
            .handOff(config.handOff())
            .resultLimit(LimitsConfig.from(settings).result())
            .clocks(clocks);
    if (!config.queues().contains("*")) {
      builder.queues(config.queues().toArray(String[]::new));
    }
    if (!config.id().isEmpty()) {
      builder.name(config.id());
    }
    Worker worker = running.add(builder.build());
    worker.start();
    return worker;
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
