package dev.kanal.embedded;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.Server;
import kafka.server.SharedServer;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.controller.Controller;
import org.apache.kafka.controller.ControllerRequestContext;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.raft.QuorumConfig;
import org.apache.kafka.server.ServerSocketFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One broker and controller over one directory; started once and stopped once.
 *
 * <p>Start and stop run on threads of the node's own thread group. The two never overlap: a start
 * that is given up is interrupted and waited for first.
 */
final class KafkaNode {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedKafka.class);
  private static final String CLEAN_STOP_MARK = ".kafka_cleanshutdown";
  private static final Duration STOP_LIMIT = Duration.ofSeconds(10);
  private static final Duration TAKE_OVER_LIMIT = Duration.ofSeconds(5);
  private static final Duration TAKE_OVER_MARGIN = Duration.ofSeconds(1);
  private static final Duration TAKE_OVER_POLL = Duration.ofMillis(1);

  private final int id;
  private final Path directory;
  private final String clusterId;
  private final boolean alone;
  private final KafkaConfig config;
  private final SkippingTime time = new SkippingTime();
  private final Faults faults;
  private final ThreadGroup threads;
  // Written by the start thread, read by the stop thread after the start's end.
  private volatile @Nullable BrokerServer broker;
  private volatile @Nullable ControllerServer controller;
  private volatile @Nullable Thread starter;

  /** What a node gets from the Kafka it belongs to. */
  record Surroundings(long instance, String clusterId, int nodes, Faults faults) {}

  KafkaNode(int id, Path directory, Map<String, String> settings, Surroundings surroundings) {
    this.id = id;
    this.directory = directory;
    this.clusterId = surroundings.clusterId();
    this.alone = surroundings.nodes() == 1;
    this.config = new KafkaConfig(settings, false);
    this.faults = surroundings.faults();
    this.threads = ExitGuard.group(surroundings.instance(), id);
  }

  /** Completes when the node serves. */
  CompletableFuture<Void> start() {
    return run("start", this::startNow);
  }

  /** Completes when the node's threads and ports are gone. */
  CompletableFuture<Void> stop() {
    return run("stop", this::stopNow);
  }

  /** As {@link #stop}, and leaves the directory as a crash would: with logs to be recovered. */
  CompletableFuture<Void> kill() {
    return run(
        "kill",
        () -> {
          stopNow();
          Files.deleteIfExists(directory.resolve(CLEAN_STOP_MARK));
        });
  }

  /** The topics that Kafka keeps its own state in; asked of a node that serves. */
  List<NewTopic> internalTopics() {
    var serving = requireNonNull(broker, "broker");
    return List.of(
        internalTopic(
            Topic.GROUP_METADATA_TOPIC_NAME,
            "offsets.topic",
            serving.groupCoordinator().groupMetadataTopicConfigs()),
        internalTopic(
            Topic.SHARE_GROUP_STATE_TOPIC_NAME,
            "share.coordinator.state.topic",
            serving.shareCoordinator().shareGroupStateTopicConfigs()),
        internalTopic(
            Topic.TRANSACTION_STATE_TOPIC_NAME,
            "transaction.state.log",
            serving.transactionCoordinator().transactionStateTopicConfigs()));
  }

  private NewTopic internalTopic(String name, String settingPrefix, Map<String, String> configs) {
    return new NewTopic(
            name,
            config.getInt(settingPrefix + ".num.partitions"),
            config.getShort(settingPrefix + ".replication.factor"))
        .configs(configs);
  }

  private interface Step {
    void run() throws Exception;
  }

  private CompletableFuture<Void> run(String what, Step step) {
    var done = new CompletableFuture<Void>();
    var thread =
        new Thread(
            threads,
            () -> {
              try {
                step.run();
                done.complete(null);
              } catch (Throwable e) {
                done.completeExceptionally(e);
              }
            },
            "kanal-kafka-%s-%d".formatted(what, id));
    thread.setDaemon(true);
    if (what.equals("start")) {
      starter = thread;
    }
    thread.start();
    return done;
  }

  private void startNow() throws Exception {
    format();
    var logDirs = KafkaRaftServer.initializeLogDirs(config, LOG, "node " + id + ": ");
    var metrics = Server.initializeMetrics(config, Time.SYSTEM, clusterId);
    var shared =
        new SharedServer(
            config,
            logDirs._1(),
            time,
            metrics,
            CompletableFuture.completedFuture(
                QuorumConfig.parseVoterConnections(config.quorumConfig().voters())),
            QuorumConfig.parseBootstrapServers(config.quorumConfig().bootstrapServers()),
            (name, fatal, action) -> faults.handler(id, name, fatal, action),
            ServerSocketFactory.INSTANCE);
    var newBroker = new BrokerServer(shared);
    var newController = new ControllerServer(shared, KafkaRaftServer.configSchema(), logDirs._2());
    controller = newController;
    newController.startup();
    if (alone) {
      endLastSession(newController.controller());
    }
    broker = newBroker;
    newBroker.startup();
  }

  /**
   * Makes the controller forget the broker that ran here before.
   *
   * <p>A controller that takes over a log counts the brokers in it as alive, and refuses to replace
   * them until they have missed their heartbeats. INVARIANT: the only broker of this log was in a
   * process that no longer holds the data directory's lock, so there is nothing to wait for.
   */
  private void endLastSession(Controller active) throws Exception {
    long waitUntil = Time.SYSTEM.nanoseconds() + TAKE_OVER_LIMIT.toNanos();
    while (!active.isActive() && Time.SYSTEM.nanoseconds() < waitUntil) {
      LockSupport.parkNanos(TAKE_OVER_POLL.toNanos());
    }
    // Answered in turn, so after the takeover.
    active
        .findAllTopicIds(
            new ControllerRequestContext(
                new RequestHeaderData(), KafkaPrincipal.ANONYMOUS, OptionalLong.empty()))
        .get(TAKE_OVER_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    time.skip(Duration.ofMillis(config.brokerSessionTimeoutMs()).plus(TAKE_OVER_MARGIN));
  }

  private void format() throws Exception {
    Files.createDirectories(directory);
    new Formatter()
        .setClusterId(clusterId)
        .setNodeId(id)
        .setControllerListenerName(BrokerSettings.CONTROLLER_LISTENER)
        .setMetadataLogDirectory(directory.toString())
        .addDirectory(directory.toString())
        .setIgnoreFormatted(true)
        .setPrintStream(
            new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
        .run();
  }

  private void stopNow() throws IOException, InterruptedException {
    Thread starting = starter;
    if (starting != null && starting.isAlive()) {
      starting.interrupt();
      starting.join(STOP_LIMIT);
    }
    BrokerServer oldBroker = broker;
    if (oldBroker != null) {
      oldBroker.shutdown(STOP_LIMIT);
    }
    ControllerServer oldController = controller;
    if (oldController != null) {
      oldController.shutdown();
    }
  }
}
