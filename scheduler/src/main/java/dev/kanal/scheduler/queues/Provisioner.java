package dev.kanal.scheduler.queues;

import static java.util.Objects.requireNonNull;

import dev.kanal.common.access.AccessCheck;
import dev.kanal.common.access.Need;
import dev.kanal.common.access.Needs;
import dev.kanal.common.access.Refusal;
import dev.kanal.common.channel.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * Makes the fixed topics when a scheduler starts, and checks those that are there. Doing it again
 * changes nothing. Blocks for as long as Kafka takes, at most {@link #PATIENCE} a step.
 */
public final class Provisioner {
  static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final int TRIES = 100;
  private static final Duration PAUSE = Duration.ofMillis(100);

  private static final String SHARE_FEATURE = "share.version";

  private final Admin admin;
  private final Topics topics;
  private final int shards;
  private final Optional<Short> replication;
  private final Map<String, ?> client;

  /**
   * @param client settings by which {@code admin} was made
   * @param shards of a new installation; an existing one keeps its own, which must be the same
   * @param replication of new topics; the cluster's default if empty
   */
  public Provisioner(
      Admin admin, Map<String, ?> client, Topics topics, int shards, Optional<Short> replication) {
    this.admin = admin;
    this.client = Map.copyOf(client);
    this.topics = topics;
    this.shards = shards;
    this.replication = replication;
  }

  /**
   * Makes what is missing, and sees to it that this node may do what it will have to.
   *
   * @throws ProvisioningException if the brokers are too old, out of reach or refuse, or if the
   *     installation has another number of shards
   */
  public void provision() throws ProvisioningException {
    checkShareGroups();
    try {
      makeTopics();
    } catch (ProvisioningException e) {
      if (isCausedBy(e, AuthorizationException.class)) {
        checkAccess();
      }
      throw e;
    }
    if (AccessCheck.isSecured(client)) {
      checkAccess();
    }
  }

  private void checkAccess() throws ProvisioningException {
    try {
      List<Need> missing = AccessCheck.missing(admin, Needs.ofScheduler(topics));
      if (!missing.isEmpty()) {
        throw new ProvisioningException(Refusal.of(missing, client));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ProvisioningException("Expected to learn what is allowed, but was interrupted", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new ProvisioningException(
          "Expected Kafka to say what is allowed, but: " + e.getMessage(), e);
    }
  }

  private void makeTopics() throws ProvisioningException {
    List<NewTopic> wanted =
        List.of(
            TopicSettings.log(topics, shards, replication),
            TopicSettings.control(topics, replication),
            TopicSettings.queues(topics, replication),
            TopicSettings.workers(topics, replication),
            TopicSettings.lifecycle(topics, shards, replication),
            TopicSettings.quarantine(topics, replication));
    for (var made : admin.createTopics(wanted).values().entrySet()) {
      make(made.getKey(), made.getValue());
    }
    checkShards();
    awaitLeaders();
  }

  /**
   * An idempotent producer that sends several batches to a leader that does not yet serve its
   * partition gets them out of order, and stays stuck until they expire.
   */
  private void awaitLeaders() throws ProvisioningException {
    Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
    for (int shard = 0; shard < shards; shard++) {
      ends.put(new TopicPartition(topics.log(), shard), OffsetSpec.latest());
    }
    var _ = await(admin.listOffsets(ends).all(), "serve the topic " + topics.log());
  }

  /** A topic that was made just now is not known to every broker at once. */
  private TopicDescription describeLog() throws ProvisioningException {
    for (int tries = 1; ; tries++) {
      try {
        return await(
            admin.describeTopics(List.of(topics.log())).topicNameValues().get(topics.log()),
            "describe the topic " + topics.log());
      } catch (ProvisioningException e) {
        if (!isCausedBy(e, UnknownTopicOrPartitionException.class) || tries == TRIES) {
          throw e;
        }
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
  }

  private static void make(String topic, KafkaFuture<Void> making) throws ProvisioningException {
    try {
      var _ = await(making, "make the topic " + topic);
    } catch (ProvisioningException e) {
      if (!isCausedBy(e, TopicExistsException.class)) {
        throw e;
      }
    }
  }

  private void checkShareGroups() throws ProvisioningException {
    var features = await(admin.describeFeatures().featureMetadata(), "ask for its features");
    FinalizedVersionRange share = features.finalizedFeatures().get(SHARE_FEATURE);
    if (share == null || share.maxVersionLevel() < 1) {
      throw new ProvisioningException(
          "Expected brokers of Kafka 4.2 or later with share groups, but the feature "
              + SHARE_FEATURE
              + " is off: upgrade the brokers, then run"
              + " 'kafka-features.sh upgrade --feature share.version=1'");
    }
  }

  private void checkShards() throws ProvisioningException {
    TopicDescription log = describeLog();
    if (log.partitions().size() != shards) {
      throw new ProvisioningException(
          "Expected engine.shards="
              + log.partitions().size()
              + ", with which this installation was set up, but it is "
              + shards
              + ": the number of shards cannot be changed");
    }
  }

  private static <T> T await(@Nullable KafkaFuture<T> asked, String what)
      throws ProvisioningException {
    try {
      return requireNonNull(asked, "asked").get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ProvisioningException("Expected Kafka to " + what + ", but was interrupted", e);
    } catch (TimeoutException e) {
      throw new ProvisioningException(
          "Expected Kafka to " + what + ", but it did not answer within " + PATIENCE, e);
    } catch (ExecutionException e) {
      throw new ProvisioningException(
          "Expected Kafka to " + what + ", but: " + cause(e).getMessage(), e);
    }
  }

  private static boolean isCausedBy(ProvisioningException e, Class<? extends Throwable> kind) {
    return e.getCause() instanceof ExecutionException failure && kind.isInstance(cause(failure));
  }

  private static Throwable cause(ExecutionException e) {
    Throwable cause = e.getCause();
    return cause == null ? e : cause;
  }
}
