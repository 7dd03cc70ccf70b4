package dev.kanal.common.access;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigsOptions;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.DescribeShareGroupsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.resource.ResourceType;
import org.jspecify.annotations.Nullable;

/**
 * Asks a cluster which of the needs it refuses, and changes nothing. Of a topic or group that is
 * not there yet (a queue's, the engine's on a first start) it can only learn whether the principal
 * may see it, which Kafka allows to everyone who has some other permission on it. Belongs to one
 * thread.
 */
public final class AccessCheck {
  /** At most this many queues are checked: what is allowed on one is allowed on all. */
  static final int NAMES_MAX = 20;

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** Stands for a resource with this prefix while none exists yet. */
  private static final String PROBE = "access-check";

  private static final String QUEUE_PROBE = PROBE + ".normal";

  private final Admin admin;
  private final Set<String> topics;
  private final Map<String, Set<AclOperation>> known = new HashMap<>();

  private AccessCheck(Admin admin, Set<String> topics) {
    this.admin = admin;
    this.topics = topics;
  }

  /** Whether a client with these settings authenticates; if it does not, nothing is checked. */
  public static boolean isSecured(Map<String, ?> client) {
    Object protocol = client.get(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG);
    return protocol != null && !"PLAINTEXT".equalsIgnoreCase(protocol.toString().trim());
  }

  /**
   * The {@code needs} that are refused; none in a cluster without an authorizer. Blocks.
   *
   * @throws TimeoutException if Kafka does not answer in time
   * @throws ExecutionException if it answers with a failure that is no refusal
   */
  public static List<Need> missing(Admin admin, List<Need> needs)
      throws InterruptedException, ExecutionException, TimeoutException {
    Set<String> topics = admin.listTopics().names().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    AccessCheck check = new AccessCheck(admin, topics);
    List<Need> missing = new ArrayList<>();
    for (Need need : needs) {
      if (check.isRefused(need)) {
        missing.add(need);
      }
    }
    return missing;
  }

  private boolean isRefused(Need need)
      throws InterruptedException, ExecutionException, TimeoutException {
    if (need.operation() == AclOperation.CREATE) {
      return isRefused(create(nameOf(need)));
    }
    if (need.operation() == AclOperation.ALTER_CONFIGS) {
      return isRefused(alterConfigs(nameOf(need)));
    }
    if (need.type() == ResourceType.TRANSACTIONAL_ID) {
      String id = nameOf(need);
      return isRefused(admin.describeTransactions(List.of(id)).description(id));
    }
    for (String name : namesOf(need)) {
      if (!allowed(need, name).contains(need.operation())) {
        return true;
      }
    }
    return false;
  }

  private static String nameOf(Need need) {
    return need.prefixed() ? need.name() + PROBE : need.name();
  }

  private Set<String> namesOf(Need need) {
    if (!need.prefixed()) {
      return Set.of(need.name());
    }
    boolean group = need.type() == ResourceType.GROUP;
    Set<String> found = new TreeSet<>();
    for (String topic : new TreeSet<>(topics)) {
      if (topic.startsWith(need.name()) && found.size() < NAMES_MAX) {
        // The group of a queue has the name of its topics, without the priority.
        found.add(group ? topic.substring(0, topic.lastIndexOf('.')) : topic);
      }
    }
    return found.isEmpty() ? Set.of(need.name() + (group ? PROBE : QUEUE_PROBE)) : found;
  }

  /** What the principal may do with a topic or group; everything, if it does not exist. */
  private Set<AclOperation> allowed(Need need, String name)
      throws InterruptedException, ExecutionException, TimeoutException {
    String key = need.type() + " " + name;
    Set<AclOperation> before = known.get(key);
    if (before != null) {
      return before;
    }
    try {
      Set<AclOperation> found = operations(need, name);
      known.put(key, found);
      return found;
    } catch (ExecutionException e) {
      if (isRefusal(e)) {
        known.put(key, Set.of());
        return Set.of();
      }
      if (e.getCause() instanceof UnknownTopicOrPartitionException
          || e.getCause() instanceof GroupIdNotFoundException) {
        return Set.of(need.operation());
      }
      throw e;
    }
  }

  private Set<AclOperation> operations(Need need, String name)
      throws InterruptedException, ExecutionException, TimeoutException {
    if (need.type() == ResourceType.TOPIC) {
      var options = new DescribeTopicsOptions().includeAuthorizedOperations(true);
      var described = admin.describeTopics(List.of(name), options).topicNameValues().get(name);
      return await(described).authorizedOperations();
    }
    if (need.prefixed()) {
      var options = new DescribeShareGroupsOptions().includeAuthorizedOperations(true);
      var described = admin.describeShareGroups(List.of(name), options).describedGroups().get(name);
      return await(described).authorizedOperations();
    }
    var options = new DescribeConsumerGroupsOptions().includeAuthorizedOperations(true);
    var group = admin.describeConsumerGroups(List.of(name), options).describedGroups().get(name);
    return await(group).authorizedOperations();
  }

  private KafkaFuture<Void> create(String topic) {
    NewTopic wanted = new NewTopic(topic, Optional.of(1), Optional.empty());
    var options = new CreateTopicsOptions().validateOnly(true);
    return requireNonNull(admin.createTopics(List.of(wanted), options).values().get(topic));
  }

  private KafkaFuture<Void> alterConfigs(String group) {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.GROUP, group);
    AlterConfigOp earliest =
        new AlterConfigOp(
            new ConfigEntry("share.auto.offset.reset", "earliest"), AlterConfigOp.OpType.SET);
    var options = new AlterConfigsOptions().validateOnly(true);
    return admin.incrementalAlterConfigs(Map.of(resource, List.of(earliest)), options).all();
  }

  /** Any other failure, such as one about a transaction that does not exist, is no refusal. */
  private static boolean isRefused(KafkaFuture<?> asked)
      throws InterruptedException, TimeoutException {
    try {
      var _ = await(asked);
      return false;
    } catch (ExecutionException e) {
      return isRefusal(e);
    }
  }

  private static boolean isRefusal(ExecutionException e) {
    return e.getCause() instanceof AuthorizationException;
  }

  private static <T> T await(@Nullable KafkaFuture<T> asked)
      throws InterruptedException, ExecutionException, TimeoutException {
    return requireNonNull(asked, "asked").get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
  }
}
