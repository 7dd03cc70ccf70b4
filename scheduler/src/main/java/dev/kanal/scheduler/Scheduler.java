package dev.kanal.scheduler;

import static java.util.Objects.requireNonNull;

import dev.kanal.common.channel.Channel;
import dev.kanal.common.channel.HandoffSink;
import dev.kanal.common.channel.KafkaReach;
import dev.kanal.common.channel.SendLimits;
import dev.kanal.common.channel.Sink;
import dev.kanal.common.channel.Topics;
import dev.kanal.common.clock.Clocks;
import dev.kanal.common.clock.Ticker;
import dev.kanal.common.config.ClientKind;
import dev.kanal.common.config.HttpConfig;
import dev.kanal.common.config.KafkaConfig;
import dev.kanal.common.control.ControlMessage;
import dev.kanal.common.control.ControlTopic;
import dev.kanal.common.log.ShardLog;
import dev.kanal.common.log.ToShard;
import dev.kanal.common.queue.QueueSettings;
import dev.kanal.common.telemetry.BoundedNames;
import dev.kanal.common.telemetry.Meters;
import dev.kanal.common.telemetry.Metric;
import dev.kanal.common.telemetry.Telemetry;
import dev.kanal.common.upkeep.Housekeeper;
import dev.kanal.common.worker.KnownWorkers;
import dev.kanal.common.worker.WorkerFeed;
import dev.kanal.scheduler.api.ApiParts;
import dev.kanal.scheduler.api.ApiServer;
import dev.kanal.scheduler.api.operate.KafkaAddress;
import dev.kanal.scheduler.engine.format.FormatRules;
import dev.kanal.scheduler.engine.out.EngineOutputs;
import dev.kanal.scheduler.engine.query.JobReader;
import dev.kanal.scheduler.engine.read.EngineSettings;
import dev.kanal.scheduler.engine.streams.Engine;
import dev.kanal.scheduler.queues.KafkaQueueDirectory;
import dev.kanal.scheduler.queues.KafkaQueueDirectory.TopicListener;
import dev.kanal.scheduler.queues.NewQueues;
import dev.kanal.scheduler.queues.OwnTopicWatch;
import dev.kanal.scheduler.queues.Provisioner;
import dev.kanal.scheduler.queues.ProvisioningException;
import dev.kanal.scheduler.queues.QueuePublisher;
import dev.kanal.scheduler.workers.WorkerDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerConfig;

/** One running scheduler node. */
public final class Scheduler implements AutoCloseable {
  /** Commands, ticks and failures on their way to Kafka at once; more are refused. */
  private static final int LOG_CAPACITY = 200_000;

  /** Messages to workers on their way at once; more are not sent, and asked for again. */
  private static final int CONTROL_CAPACITY = 100_000;

  private static final double MILLIS_PER_SECOND = 1_000;
  private static final Duration LISTEN_PATIENCE = Duration.ofSeconds(20);

  private final Admin admin;
  private final KafkaReach reach;
  private final HandoffSink<ToShard> shardLog;
  private final HandoffSink<ControlMessage> control;
  private final Meters meters;
  private final QueuePublisher published;
  private final KafkaQueueDirectory queues;
  private final Housekeeper ownTopicWatch;
  private final WorkerFeed workerFeed;
  private final Path directory;
  private final EngineSettings settings;
  private final Engine engine;
  private final ApiServer api;
  private final int port;

  private Scheduler(
      SchedulerConfig config, Clocks clocks, Telemetry telemetry, String nodeId, PortHold hold)
      throws ProvisioningException, StartException {
    directory = config.directory();
    HttpConfig http = hold.http();
    Topics topics = new Topics(config.kafka().prefix());
    Map<String, Object> client = new HashMap<>(config.client(ClientKind.COMMON));
    client.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, config.kafka().bootstrap());
    admin = Admin.create(client);
    provision(config, client, topics);
    Map<String, Object> measured = new HashMap<>(client);
    measured.putAll(telemetry.kafkaMetrics());
    reach = new KafkaReach(words(config.kafka()), clocks);
    shardLog =
        new HandoffSink<>("kanal-log", openLog(config, measured, topics), LOG_CAPACITY, reach);
    control =
        new HandoffSink<>("kanal-control", openControl(client, topics), CONTROL_CAPACITY, reach);
    published = QueuePublisher.open(client, topics, reach);
    meters = new Meters(telemetry);
    observeChannels();
    KnownWorkers workers = new KnownWorkers(reach.ticker());
    workerFeed = new WorkerFeed(client, topics.workers(), workers, clocks.wall());
    AtomicReference<Engine> built = new AtomicReference<>();
    queues =
        new KafkaQueueDirectory(
            new KafkaQueueDirectory.Cluster(admin, client, topics, reach),
            shardLog,
            topicRule(config),
            listener(control, built));
    OwnTopicWatch ownTopics = ownTopics(config, client, topics, clocks.ticker(), workers);
    ownTopicWatch = ownTopics.housekeeper();
    settings = engineSettings(config, topics, nodeId, http);
    engine =
        Engine.create(
            settings,
            new EngineOutputs(
                shardLog,
                control,
                queues::repair,
                queues::wanted,
                published,
                workers,
                ownTopics,
                telemetry,
                reach),
            clocks);
    built.set(engine);
    ApiParts parts = apiParts(config, workers, clocks, telemetry);
    api = new ApiServer(parts, http, config.limits());
    port = begin(config, hold);
  }

  private static TopicListener listener(
      HandoffSink<ControlMessage> control, AtomicReference<Engine> engine) {
    return new TopicListener() {
      @Override
      public void made(Channel channel) {
        var _ = control.send(new ControlMessage.QueueMade(channel.queue()));
      }

      @Override
      public void lost(Channel channel, String why) {
        requireNonNull(engine.get(), "engine").breakChannel(channel, why);
      }
    };
  }

  /** Answers the port at which the API listens. */
  private int begin(SchedulerConfig config, PortHold hold) throws StartException {
    reach.watch(new ReachProbe(admin, shardLog, config.engine().shards()));
    queues.start();
    ownTopicWatch.start();
    observeCapacities();
    workerFeed.start();
    awaitSettings();
    hold.release();
    int listening = listen(hold.http());
    engine.start();
    return listening;
  }

  /**
   * Makes missing topics, listens, and begins to take over shards. Blocks until the API listens; it
   * is of use once {@link #health} is ready.
   *
   * @throws ProvisioningException if Kafka is not what it must be
   * @throws StartException if the API cannot listen, or the directory cannot be used
   */
  public static Scheduler start(SchedulerConfig config, Clocks clocks)
      throws ProvisioningException, StartException {
    return start(config, clocks, Telemetry.NONE);
  }

  /**
   * The same, with somebody who takes its spans and metrics.
   *
   * @param telemetry is not closed with the scheduler
   */
  public static Scheduler start(SchedulerConfig config, Clocks clocks, Telemetry telemetry)
      throws ProvisioningException, StartException {
    try (PortHold hold = PortHold.of(config.http())) {
      return new Scheduler(config, clocks, telemetry, NodeId.in(config.directory()), hold);
    } catch (IOException e) {
      throw new StartException(
          "Expected to write in " + config.directory() + ", but cannot: " + e.getMessage(), e);
    }
  }

  /** The port at which the API listens. */
  public int port() {
    return port;
  }

  /**
   * Completes, with a sentence, once this scheduler can do nothing more and its process should end.
   * Either another process works under the same id: the next start from this directory gets a new
   * one. Or schedulers of a newer release have begun to write what this one cannot read.
   */
  public CompletableFuture<String> lost() {
    return engine
        .fenced()
        .thenApplyAsync(_ -> renewed())
        .applyToEither(engine.tooOld(), why -> why);
  }

  private String renewed() {
    String taken =
        "another scheduler has taken the id of this one, "
            + settings.nodeId()
            + ", as after a copy of the data directory "
            + directory
            + " (each scheduler needs one of its own)";
    try {
      NodeId.forget(directory, settings.dataDirectory().resolve(settings.topics().engine()));
      return taken + "; the next start from here gets a new id";
    } catch (IOException e) {
      return taken + "; a new id could not be made: delete node-id there (" + e.getMessage() + ")";
    }
  }

  public JobReader.Health health() {
    return engine.reader().health();
  }

  /** Stops to listen, hands the shards over, and stops; waits at most some seconds. */
  @Override
  public void close() {
    api.close();
    reach.close();
    meters.close();
    queues.close();
    ownTopicWatch.close();
    workerFeed.close();
    engine.close();
    shardLog.close();
    control.close();
    published.close();
    admin.close(Duration.ofSeconds(2));
  }

  private static KafkaReach.Words words(KafkaConfig kafka) {
    return new KafkaReach.Words(
        kafka.bootstrap(),
        "submits are refused; what was taken goes on once it is back",
        "submits are taken");
  }

  private ApiParts apiParts(
      SchedulerConfig config, KnownWorkers workers, Clocks clocks, Telemetry telemetry) {
    return new ApiParts(
        shardLog,
        engine.reader(),
        engine.schedules(),
        engine.flows(),
        engine.quarantine(),
        queues,
        new WorkerDirectory(workers, control),
        clocks.wall(),
        clocks.ticker(),
        new SecureRandom(),
        new KafkaAddress(config.kafka().bootstrap(), config.kafka().prefix()),
        config.ui(),
        telemetry,
        reach);
  }

  private OwnTopicWatch ownTopics(
      SchedulerConfig config,
      Map<String, Object> client,
      Topics topics,
      Ticker ticker,
      KnownWorkers workers) {
    return new OwnTopicWatch(
        new KafkaQueueDirectory.Cluster(admin, client, topics, reach),
        topicRule(config),
        workers,
        queue -> queues.settings(queue).partitions(),
        ticker);
  }

  private void observeChannels() {
    meters.observe(
        Metric.KAFKA_AWAY, seen -> seen.put(reach.awayFor().toMillis() / MILLIS_PER_SECOND));
    Map<String, HandoffSink<?>> sinks = Map.of("log", shardLog, "control", control);
    meters.observe(
        Metric.CHANNEL_LENGTH,
        seen -> sinks.forEach((name, sink) -> seen.put(sink.length(), name)));
    meters.observe(
        Metric.CHANNEL_CAPACITY,
        seen -> sinks.forEach((name, sink) -> seen.put(sink.capacity(), name)));
    meters.observe(
        Metric.CHANNEL_SENT, seen -> sinks.forEach((name, sink) -> seen.put(sink.taken(), name)));
    meters.observe(
        Metric.CHANNEL_SEND_FAILURES,
        seen -> sinks.forEach((name, sink) -> seen.put(sink.refused(), name)));
  }

  private void observeCapacities() {
    BoundedNames channels = new BoundedNames();
    meters.observe(
        Metric.CHANNEL_CAPACITY,
        seen ->
            queues
                .known()
                .all()
                .forEach(
                    each -> {
                      QueueSettings settings = each.settings();
                      String channel = channels.of("tasks." + each.queue() + ".normal");
                      if (settings != null && !channel.equals(BoundedNames.OTHER)) {
                        seen.put(settings.capacity(), channel);
                      }
                    }));
  }

  private void provision(SchedulerConfig config, Map<String, Object> client, Topics topics)
      throws ProvisioningException {
    try {
      new Provisioner(admin, client, topics, config.engine().shards(), replication(config))
          .provision();
    } catch (ProvisioningException e) {
      admin.close(Duration.ZERO);
      throw e;
    }
  }

  /** Jobs get what their queues say: none is taken before that has been read. */
  private void awaitSettings() throws StartException {
    try {
      queues.known().caughtUp().get(LISTEN_PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      close();
      throw new StartException("Expected to start, but was interrupted", e);
    } catch (ExecutionException | TimeoutException e) {
      close();
      throw new StartException(
          "Expected to read the queues' settings within " + LISTEN_PATIENCE + ", but could not", e);
    }
  }

  private int listen(HttpConfig http) throws StartException {
    try {
      return api.start().get(LISTEN_PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      close();
      throw new StartException("Expected to start, but was interrupted", e);
    } catch (ExecutionException | TimeoutException e) {
      close();
      throw new StartException(
          "Expected to listen at "
              + http.host()
              + ":"
              + http.port()
              + ", but cannot: "
              + e.getMessage(),
          e);
    }
  }

  private static Sink<ToShard> openLog(
      SchedulerConfig config, Map<String, Object> client, Topics topics) {
    Map<String, Object> producer = new HashMap<>(client);
    producer.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    producer.put(ProducerConfig.BATCH_SIZE_CONFIG, Sink.BATCH_BYTES);
    producer.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
    producer.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    producer.putAll(SendLimits.CLIENT);
    producer.putAll(config.client(ClientKind.PRODUCER));
    return ShardLog.open(producer, topics);
  }

  private static Sink<ControlMessage> openControl(Map<String, Object> client, Topics topics) {
    Map<String, Object> producer = new HashMap<>(client);
    producer.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    producer.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
    producer.putAll(SendLimits.CLIENT);
    return ControlTopic.open(producer, topics);
  }

  private static KafkaQueueDirectory.QueueTopicRule topicRule(SchedulerConfig config) {
    return new KafkaQueueDirectory.QueueTopicRule(
        config.engine().shards(),
        config.queues().partitions(),
        config.queues().capacity(),
        replication(config),
        config.queues().autoCreate(),
        new NewQueues(
            config.queues().max(), config.queues().newPerMinute(), Clocks.system().ticker()));
  }

  private static EngineSettings engineSettings(
      SchedulerConfig config, Topics topics, String nodeId, HttpConfig http) {
    var engine = config.engine();
    return new EngineSettings(
        config.kafka().bootstrap(),
        topics,
        engine.shards(),
        nodeId,
        http.reachableAt(),
        engine.threads(),
        engine.standbys(),
        engine.commitInterval(),
        engine.cacheBytes(),
        config.directory().resolve("engine"),
        config.client(ClientKind.COMMON),
        config.client(ClientKind.STREAMS),
        FormatRules.DEFAULT);
  }

  private static Optional<Short> replication(SchedulerConfig config) {
    int replication = config.kafka().replication();
    return replication == 0 ? Optional.empty() : Optional.of((short) replication);
  }
}
