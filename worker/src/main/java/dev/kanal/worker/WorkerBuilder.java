package dev.kanal.worker;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kanal.common.channel.Topics;
import dev.kanal.common.clock.Clocks;
import dev.kanal.common.config.KafkaConfig;
import dev.kanal.common.config.LimitsConfig;
import dev.kanal.common.config.TelemetryConfig;
import dev.kanal.common.config.WorkerConfig;
import dev.kanal.common.log.WorkerRef;
import dev.kanal.common.telemetry.Telemetry;
import dev.kanal.worker.lane.LaneSettings;
import dev.kanal.worker.pool.PoolSettings;
import dev.kanal.worker.presence.HttpAddress;
import dev.kanal.worker.run.ChildLimits;
import dev.kanal.worker.run.HandlerJars;
import dev.kanal.worker.run.Json;
import dev.kanal.worker.run.Registration;
import dev.kanal.worker.run.Registry;
import dev.kanal.worker.run.RunnerSettings;
import dev.kanal.worker.start.KafkaStart;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apache.kafka.clients.CommonClientConfigs;
import org.jspecify.annotations.Nullable;

/** Sets up a {@link Worker}. Not to be shared between threads. */
public final class WorkerBuilder {
  private static final String ALL_QUEUES = "*";
  private static final Duration START_TIMEOUT_MAX = Duration.ofDays(1);
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,100}");
  private static final Pattern UNFIT = Pattern.compile("[^A-Za-z0-9._-]");

  private final Map<String, Object> kafka = new HashMap<>();
  private final List<Registration<?>> registrations = new ArrayList<>();
  private String prefix = "kanal";
  private @Nullable Set<String> queues;
  private PoolSettings pool = PoolSettings.DEFAULT;
  private Duration grace = Duration.ofSeconds(30);
  private @Nullable String name;
  private boolean discovers = true;
  private @Nullable Path jars;
  private Clocks clocks = Clocks.system();
  private RunnerSettings runnerSettings = RunnerSettings.DEFAULT;
  private ChildLimits childLimits = ChildLimits.DEFAULT;
  private LaneSettings laneSettings = LaneSettings.DEFAULT;
  private @Nullable HttpAddress http;
  private @Nullable Telemetry telemetry;
  private TelemetryConfig telemetryConfig = TelemetryConfig.DEFAULT;
  private Duration startTimeout = KafkaStart.TELL_AFTER;
  private Consumer<KafkaAwayException> listener = _ -> {};

  WorkerBuilder() {
    bootstrap("localhost:9092");
  }

  /** The brokers, as {@code host:port}, comma-separated. */
  public WorkerBuilder bootstrap(String servers) {
    kafka.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, servers);
    return this;
  }

  /** The brokers and the prefix of an installation; brokers that are not named stay as they are. */
  public WorkerBuilder kafka(KafkaConfig config) {
    if (!config.bootstrap().isEmpty()) {
      bootstrap(config.bootstrap());
    }
    return prefix(config.prefix());
  }

  /** Takes over a worker's whole configuration. */
  public WorkerBuilder config(WorkerConfig config) {
    if (!config.id().isEmpty()) {
      name(config.id());
    }
    boolean all = config.queues().contains(ALL_QUEUES);
    return queues(all ? new String[0] : config.queues().toArray(new String[0]))
        .slots(config.slots())
        .pool(config.poolMin(), config.poolMax())
        .grace(config.grace())
        .handOff(config.handOff());
  }

  /** Takes over the largest result, and the limits of jobs that handlers submit. */
  public WorkerBuilder limits(LimitsConfig config) {
    childLimits = new ChildLimits(config.payload(), config.tags());
    return resultLimit(config.result());
  }

  /** More settings for the Kafka clients, such as security. */
  public WorkerBuilder kafka(Map<String, ?> settings) {
    kafka.putAll(settings);
    return this;
  }

  /**
   * How long {@link Worker#start} waits for Kafka before it fails: 8 s unless set. With zero it
   * does not wait, and the worker tries forever; what is wrong then goes to {@link #onKafkaAway}.
   * An address that is malformed, or whose name is not known, fails at once.
   *
   * @throws IllegalArgumentException unless it is from zero to a day
   */
  public WorkerBuilder startTimeout(Duration time) {
    if (time.isNegative() || time.compareTo(START_TIMEOUT_MAX) > 0) {
      throw new IllegalArgumentException(
          "Expected a start timeout from 0s to 1 day, but got " + time);
    }
    startTimeout = time;
    return this;
  }

  /**
   * Receives what is wrong while Kafka has not answered since the start, or has no Kanal in it:
   * within ten seconds and every ten seconds from then on, each time with a line in the log. Is
   * called on a thread of the worker, and must not block.
   */
  public WorkerBuilder onKafkaAway(Consumer<KafkaAwayException> away) {
    listener = away;
    return this;
  }

  /** The prefix of the names of all topics: {@code kanal} unless set. */
  public WorkerBuilder prefix(String topicsPrefix) {
    prefix = topicsPrefix;
    return this;
  }

  /**
   * The queues to take tasks from; all queues, also later ones, if none are named. If this is never
   * called, those that handlers name in their {@link HandlerOptions}.
   */
  public WorkerBuilder queues(String... names) {
    queues = Set.of(names);
    return this;
  }

  /**
   * How many tasks of all queues run at once: {@value PoolSettings#TOTAL} unless set.
   *
   * @throws IllegalArgumentException unless it is from 1 to {@value PoolSettings#TOTAL_MAX}
   */
  public WorkerBuilder slots(int count) {
    pool = pool.withTotal(count);
    return this;
  }

  /**
   * Between what bounds the slots of each queue follow its backlog; as far as {@link #slots} allow.
   *
   * @param min from 1, {@value PoolSettings#MIN} unless set
   * @param max from {@code min} to {@value PoolSettings#TOTAL_MAX}; all slots unless set
   * @throws IllegalArgumentException if they are out of range
   */
  public WorkerBuilder pool(int min, int max) {
    pool = new PoolSettings(min, max, pool.total());
    return this;
  }

  /** How long running tasks get when the worker closes. */
  public WorkerBuilder grace(Duration time) {
    grace = time;
    return this;
  }

  /** A task that runs longer than this is leased, so that it holds up no other. */
  public WorkerBuilder handOff(Duration time) {
    laneSettings = laneSettings.withHandOff(time);
    return this;
  }

  /**
   * Whether to ask the engine about every task that is older than this worker, before it is run:
   * for a worker that goes down together with its broker, which then forgets what it delivered.
   */
  public WorkerBuilder askAboutOld(boolean ask) {
    laneSettings = laneSettings.withAskAboutOld(ask);
    return this;
  }

  /** The largest result, in bytes of JSON. */
  public WorkerBuilder resultLimit(int bytes) {
    runnerSettings = runnerSettings.withResultLimit(bytes);
    return this;
  }

  /**
   * Opens a small HTTP port for probes, metrics and {@code POST /drain}: none unless set.
   *
   * @param port 0 for a free one
   */
  public WorkerBuilder http(String host, int port) {
    http = new HttpAddress(host, port, false);
    return this;
  }

  /** As {@link #http}, but at a free port if this one is taken. */
  public WorkerBuilder httpOrFree(String host, int port) {
    http = new HttpAddress(host, port, true);
    return this;
  }

  /**
   * The worker's name: made from the host's unless set; a name that stays the same across restarts
   * is useful.
   *
   * @param workerName 1 to 100 letters, digits, dots, underscores and hyphens
   */
  public WorkerBuilder name(String workerName) {
    if (!NAME.matcher(workerName).matches()) {
      throw new IllegalArgumentException(
          "Expected a worker's name that matches %s, but got \"%s\"".formatted(NAME, workerName));
    }
    name = workerName;
    return this;
  }

  /**
   * Where spans and metrics go; it is not closed with the worker. Only the worker's own unless set.
   */
  public WorkerBuilder telemetry(Telemetry taker) {
    telemetry = taker;
    return this;
  }

  /** What is traced of jobs. */
  public WorkerBuilder telemetry(TelemetryConfig config) {
    telemetryConfig = config;
    return this;
  }

  public WorkerBuilder clocks(Clocks other) {
    clocks = other;
    return this;
  }

  /** Registers a handler for the jobs of a type. */
  public <P extends @Nullable Object> WorkerBuilder handle(
      String type, Class<P> payloadType, Handler<P, ?> handler) {
    return handle(type, payloadType, handler, HandlerOptions.DEFAULT);
  }

  /** Registers a handler for the jobs of a type. */
  public <P extends @Nullable Object> WorkerBuilder handle(
      String type, Class<P> payloadType, Handler<P, ?> handler, HandlerOptions options) {
    registrations.add(Registration.of(type, payloadType, handler, options));
    return this;
  }

  /** Registers a handler that knows its type. */
  public WorkerBuilder handle(JobHandler<?, ?> handler) {
    registrations.add(Registration.of(handler));
    return this;
  }

  /** Goes around every run of a handler; the one registered first is the outermost. */
  public WorkerBuilder intercept(Interceptor interceptor) {
    runnerSettings = runnerSettings.plus(interceptor);
    return this;
  }

  /** Reads payloads and writes results in place of the worker's own; not to be changed later. */
  public WorkerBuilder json(ObjectMapper mapper) {
    runnerSettings = runnerSettings.withJson(new Json(mapper));
    return this;
  }

  /**
   * Whether {@link JobHandler}s on the class path are taken in too, the built-in ones among them;
   * one that was registered by hand is not taken twice.
   */
  public WorkerBuilder discover(boolean discover) {
    discovers = discover;
    return this;
  }

  /**
   * Takes in the {@link JobHandler}s of every jar in a folder, at most {@value
   * HandlerJars#JARS_MAX} of them. A jar sees its own classes before the worker's, other than those
   * that both share: this API, Jackson's annotations and SLF4J. Its class loader is in scope while
   * its handlers run.
   */
  public WorkerBuilder handlers(Path folder) {
    jars = folder;
    return this;
  }

  /**
   * Makes the worker, which must then be started.
   *
   * @throws HandlersException if two handlers claim one type, or a jar cannot be used
   */
  public Worker build() {
    Registry registry = new Registry();
    registrations.forEach(registry::add);
    if (discovers) {
      for (JobHandler<?, ?> found : ServiceLoader.load(JobHandler.class)) {
        if (registrations.stream().noneMatch(each -> each.isOf(found.getClass()))) {
          registry.add(Registration.of(found));
        }
      }
    }
    if (jars != null) {
      HandlerJars.load(jars).forEach(registry::add);
    }
    long incarnation = ThreadLocalRandom.current().nextLong();
    String host = UNFIT.matcher(hostName()).replaceAll("-");
    String workerName = name == null ? host + "-" + Long.toHexString(incarnation) : name;
    queues = queues == null ? registry.queues() : queues;
    return new Worker(this, registry, new WorkerRef(workerName, incarnation));
  }

  Map<String, Object> kafka() {
    return Map.copyOf(kafka);
  }

  Topics topics() {
    return new Topics(prefix);
  }

  Set<String> queues() {
    return queues == null ? Set.of() : queues;
  }

  PoolSettings poolSettings() {
    return pool;
  }

  @Nullable Telemetry telemetry() {
    return telemetry;
  }

  TelemetryConfig telemetryConfig() {
    return telemetryConfig;
  }

  Duration startTimeout() {
    return startTimeout;
  }

  Consumer<KafkaAwayException> listener() {
    return listener;
  }

  Duration grace() {
    return grace;
  }

  Clocks clocks() {
    return clocks;
  }

  RunnerSettings runnerSettings() {
    return runnerSettings;
  }

  ChildLimits childLimits() {
    return childLimits;
  }

  LaneSettings laneSettings() {
    return laneSettings;
  }

  @Nullable HttpAddress http() {
    return http;
  }

  static String hostName() {
    try {
      String host = InetAddress.getLocalHost().getHostName();
      return host.length() > 100 ? host.substring(0, 100) : host;
    } catch (UnknownHostException e) {
      return "worker";
    }
  }
}
