package dev.kanal.embedded;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.kanal.embedded.BrokerSettings.NodePorts;
import dev.kanal.embedded.EmbeddedKafkaException.Problem;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future.State;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Kafka in this JVM, of one node or several, that serves from the moment it is returned until
 * {@link #close}.
 *
 * <p>It listens on 127.0.0.1 only, without authentication unless it is given users. Its data
 * directory keeps the cluster's id, topics, records and committed offsets: a later start on the
 * same directory goes on with them, also after the process was killed. (Records are not forced to
 * the disk one by one, so the end of a log may be missing after the machine lost its power.) The
 * directory is locked while in use.
 *
 * <p>All methods may be called from any thread, and block until done, within the config's limits;
 * {@link #kill}, {@link #restart} and {@link #close} run one at a time. A fatal fault of a broker
 * never ends this JVM: see {@link #failed}.
 */
public final class EmbeddedKafka implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedKafka.class);
  private static final AtomicLong INSTANCES = new AtomicLong();
  private static final AtomicLong PREFIXES = new AtomicLong();

  private final long instance = INSTANCES.incrementAndGet();
  private final Faults faults;
  private final ReentrantLock lock = new ReentrantLock();
  private final EmbeddedKafkaConfig config;
  private final DataDirectory data;
  private final List<NodePorts> ports;
  private final BrokerSettings settings;
  // Guarded by lock; an empty entry is a node that was killed.
  private final List<Optional<KafkaNode>> nodes = new ArrayList<>();

  @GuardedBy("lock")
  private boolean closed;

  private EmbeddedKafka(EmbeddedKafkaConfig config, DataDirectory data, List<NodePorts> ports) {
    this.config = config;
    this.data = data;
    this.faults = new Faults(data::explain);
    this.ports = ports;
    this.settings = new BrokerSettings(config, ports);
  }

  /**
   * Starts one node whose data outlives it.
   *
   * @param directory for Kafka alone; made when missing
   * @param port 0 for a free one
   * @throws EmbeddedKafkaException says why it could not start
   */
  public static EmbeddedKafka persistent(Path directory, int port) {
    return start(EmbeddedKafkaConfig.single(directory, port));
  }

  /**
   * Starts nodes on free ports, for tests. With three or more, topics have by default three
   * replicas of which two must be in sync.
   *
   * @throws EmbeddedKafkaException says why it could not start
   */
  public static EmbeddedKafka cluster(int nodes, Path directory) {
    return start(EmbeddedKafkaConfig.cluster(directory, nodes));
  }

  /**
   * Starts all nodes at once and returns when all serve.
   *
   * @throws EmbeddedKafkaException says why it could not start. Directory and ports are free again
   *     then; after {@link Problem#START_FAILED} idle threads of a half-started broker may live on
   */
  public static EmbeddedKafka start(EmbeddedKafkaConfig config) {
    var data = DataDirectory.open(config);
    boolean started = false;
    try {
      var kafka = new EmbeddedKafka(config, data, choosePorts(config));
      kafka.startAll();
      started = true;
      return kafka;
    } finally {
      if (!started) {
        data.close();
      }
    }
  }

  /** A fresh prefix for names of topics and groups, so that tests can share a Kafka. */
  public static String uniquePrefix() {
    return "t%s%s-"
        .formatted(
            Integer.toString(ThreadLocalRandom.current().nextInt(36 * 36 * 36), 36),
            Long.toString(PREFIXES.incrementAndGet(), 36));
  }

  /** The addresses of all nodes, up or not, for the clients' {@code bootstrap.servers}. */
  public String bootstrapServers() {
    return ports.stream()
        .map(node -> "127.0.0.1:" + node.broker())
        .collect(Collectors.joining(","));
  }

  /**
   * The settings, beside the brokers' addresses, by which a client is that user.
   *
   * @throws IllegalArgumentException if there is no such user
   */
  public Map<String, String> security(String user) {
    return new Users(config.users()).client(user);
  }

  public String clusterId() {
    return data.clusterId();
  }

  /** How many nodes there are, up or not; they are numbered from 0. */
  public int nodes() {
    return ports.size();
  }

  /** The port on which a node serves clients. */
  public int port(int node) {
    return ports.get(node).broker();
  }

  /**
   * Completes with the first fatal fault of a node, after it was logged; never completes otherwise,
   * not even on close. The nodes are in an undefined state then, and all that is left is to close.
   */
  public CompletionStage<KafkaFault> failed() {
    return faults.first().minimalCompletionStage();
  }

  /**
   * Stops a node as abruptly as one JVM allows: clients lose their connections, nothing is handed
   * over, and the logs count as not closed properly. Does nothing when the node is down.
   */
  public void kill(int node) {
    lock.lock();
    try {
      requireOpen();
      Optional<KafkaNode> victim = nodes.get(node);
      if (victim.isPresent()) {
        nodes.set(node, Optional.empty());
        await(victim.get().kill(), config.stopTimeout());
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Starts a killed node on its port and data, and returns when it serves, which is before its
   * replicas have caught up. Kills it first when it is up.
   */
  public void restart(int node) {
    lock.lock();
    try {
      kill(node);
      var fresh = newNode(node);
      nodes.set(node, Optional.of(fresh));
      await(fresh.start(), config.startTimeout());
    } finally {
      lock.unlock();
    }
  }

  /** Stops all nodes at once and frees the data directory. Closing again does nothing. */
  @Override
  public void close() {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      faults.ignoreFromNowOn();
      if (stopAll()) {
        data.close();
      }
      ExitGuard.unwatch(instance);
    } finally {
      lock.unlock();
    }
  }

  private static List<NodePorts> choosePorts(EmbeddedKafkaConfig config) {
    var chooser = new Ports();
    // Requested ports first, so that none of them is given out as a free one.
    List<Integer> fixed =
        config.ports().stream().map(port -> port == 0 ? 0 : chooser.take(port)).toList();
    return fixed.stream()
        .map(port -> new NodePorts(port == 0 ? chooser.take(0) : port, chooser.take(0)))
        .toList();
  }

  private KafkaNode newNode(int id) {
    Path directory = data.node(id);
    return new KafkaNode(
        id,
        directory,
        settings.ofNode(id, directory),
        new KafkaNode.Surroundings(instance, data.clusterId(), ports.size(), faults));
  }

  private void startAll() {
    ExitGuard.watch(instance, faults);
    lock.lock();
    try {
      for (int id = 0; id < ports.size(); id++) {
        nodes.add(Optional.of(newNode(id)));
      }
      await(
          allOrFirstFault(nodes.stream().flatMap(Optional::stream).map(KafkaNode::start).toList()),
          config.startTimeout());
      InternalTopics.create(adminClient(), nodes.getFirst().orElseThrow().internalTopics());
    } catch (RuntimeException e) {
      close();
      throw e;
    } finally {
      lock.unlock();
    }
  }

  private Map<String, Object> adminClient() {
    Map<String, Object> client = new HashMap<>();
    if (!config.users().isEmpty()) {
      client.putAll(security(EmbeddedKafkaConfig.ADMIN));
    }
    client.put("bootstrap.servers", bootstrapServers());
    return client;
  }

  private static CompletableFuture<Void> allOrFirstFault(List<CompletableFuture<Void>> starts) {
    var result = new CompletableFuture<Void>();
    for (var start : starts) {
      var _ =
          start.whenComplete(
              (done, fault) -> {
                if (fault != null) {
                  result.completeExceptionally(fault);
                } else if (starts.stream().allMatch(one -> one.state() == State.SUCCESS)) {
                  result.complete(null);
                }
              });
    }
    return result;
  }

  private void await(CompletableFuture<Void> step, Duration limit) {
    try {
      step.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw StartProblems.ofStart(config.dataDirectory(), e);
    } catch (TimeoutException e) {
      throw new EmbeddedKafkaException(
          Problem.START_FAILED,
          "Expected Kafka on %s to be done within %s, but it was not"
              .formatted(config.dataDirectory(), limit),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EmbeddedKafkaException(
          Problem.START_FAILED, "Expected to wait for Kafka, but was interrupted", e);
    }
  }

  private boolean stopAll() {
    var stops = nodes.stream().flatMap(Optional::stream).map(KafkaNode::stop).toList();
    try {
      CompletableFuture.allOf(stops.toArray(CompletableFuture[]::new))
          .get(config.stopTimeout().toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn(
          "Kafka did not stop properly within {}; its data directory stays locked until this"
              + " process ends",
          config.stopTimeout(),
          e);
    }
    return false;
  }

  @GuardedBy("lock")
  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("Expected an open Kafka, but it was closed");
    }
  }
}
