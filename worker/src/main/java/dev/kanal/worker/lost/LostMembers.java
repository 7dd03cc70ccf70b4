package dev.kanal.worker.lost;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.kanal.common.channel.Topics;
import dev.kanal.worker.lane.ShareSources;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ShareGroupDescription;
import org.apache.kafka.clients.admin.ShareMemberDescription;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes the members of lost workers from share groups, and makes what they had fetched available
 * to others. A member that is alive nevertheless learns of it from Kafka and joins again. One
 * thread at a time.
 */
public final class LostMembers implements LostWorkers.Groups {
  private static final Logger log = LoggerFactory.getLogger(LostMembers.class);
  private static final long PATIENCE_MS = 5_000;

  private final Needs needs;

  /**
   * Its collaborators.
   *
   * @param kafka settings of a client: brokers, security
   * @param clientId of its requests
   * @param queues those to handle now
   * @param renew lets this worker's lanes of a queue join again
   */
  public record Needs(
      Map<String, Object> kafka,
      String clientId,
      Admin admin,
      Topics topics,
      Supplier<Set<String>> queues,
      Consumer<String> renew) {
    public Needs {
      kafka = Map.copyOf(kafka);
    }
  }

  public LostMembers(Needs needs) {
    this.needs = needs;
  }

  @Override
  public void takeOut(Set<String> lost) throws InterruptedException, ExecutionException {
    Set<String> queues = needs.queues.get();
    List<String> groups = queues.stream().map(needs.topics::workerGroup).toList();
    var asked = needs.admin.describeShareGroups(groups).describedGroups();
    @Nullable Exception failure = null;
    for (String queue : queues) {
      var described = requireNonNull(asked.get(needs.topics.workerGroup(queue)), queue);
      try {
        takeOut(queue, described.get(PATIENCE_MS, MILLISECONDS), lost);
      } catch (ExecutionException | TimeoutException | RuntimeException e) {
        failure = e.getCause() instanceof GroupIdNotFoundException ? failure : e;
      }
    }
    if (failure != null) {
      throw new ExecutionException(failure);
    }
  }

  private void takeOut(String queue, ShareGroupDescription group, Set<String> lost)
      throws InterruptedException, ExecutionException, TimeoutException {
    List<ShareMemberDescription> left =
        group.members().stream().filter(member -> isOf(member, lost)).toList();
    if (left.isEmpty()) {
      return;
    }
    log.warn(
        "Nothing is heard of {}: its {} lanes of queue {} are taken out of the share group",
        lost,
        left.size(),
        queue);
    try (MemberClient client = new MemberClient(needs.kafka, needs.clientId)) {
      for (ShareMemberDescription member : left) {
        client.leave(group.coordinator(), group.groupId(), member.consumerId());
      }
      if (hadAlone(left, group.members())) {
        needs.renew.accept(queue);
      }
      giveBack(client, group, left);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Of all partitions that the group reads: what a member has now may differ from what it had when
   * it fetched, since others have joined meanwhile.
   */
  private void giveBack(
      MemberClient client, ShareGroupDescription group, List<ShareMemberDescription> left)
      throws InterruptedException, ExecutionException, TimeoutException {
    Set<String> names = new HashSet<>();
    group
        .members()
        .forEach(
            member ->
                member.assignment().topicPartitions().forEach(each -> names.add(each.topic())));
    var topics = needs.admin.describeTopics(names).allTopicNames().get(PATIENCE_MS, MILLISECONDS);
    for (Map.Entry<Node, List<TopicIdPartition>> each : byLeader(topics.values()).entrySet()) {
      for (ShareMemberDescription member : left) {
        giveBack(client, each.getKey(), group.groupId(), member.consumerId(), each.getValue());
      }
    }
  }

  private static Map<Node, List<TopicIdPartition>> byLeader(Collection<TopicDescription> topics) {
    Map<Node, List<TopicIdPartition>> found = new HashMap<>();
    for (TopicDescription topic : topics) {
      for (TopicPartitionInfo partition : topic.partitions()) {
        Node leader = partition.leader();
        if (leader != null) {
          var place = new TopicPartition(topic.name(), partition.partition());
          found
              .computeIfAbsent(leader, _ -> new ArrayList<>())
              .add(new TopicIdPartition(topic.topicId(), place));
        }
      }
    }
    return found;
  }

  /**
   * A broker that cannot be reached has nothing to give back: it forgets its sessions when it goes.
   */
  private static void giveBack(
      MemberClient client, Node leader, String group, String member, List<TopicIdPartition> read) {
    try {
      client.giveBack(leader, group, member, read);
    } catch (IOException | ApiException e) {
      log.debug("Broker {} did not give back what a member of {} had", leader, group, e);
    }
  }

  private static boolean isOf(ShareMemberDescription member, Set<String> workers) {
    return workers.stream()
        .anyMatch(worker -> member.clientId().startsWith(ShareSources.clientIdsOf(worker)));
  }

  /** Whether there are partitions that no other member reads. */
  private static boolean hadAlone(
      Collection<ShareMemberDescription> left, Collection<ShareMemberDescription> all) {
    Set<TopicPartition> alone = new HashSet<>();
    left.forEach(member -> alone.addAll(member.assignment().topicPartitions()));
    all.stream()
        .filter(member -> !left.contains(member))
        .forEach(member -> alone.removeAll(member.assignment().topicPartitions()));
    return !alone.isEmpty();
  }
}
