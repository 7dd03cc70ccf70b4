package dev.kanal.scheduler.queues;

import static java.util.Objects.requireNonNull;

import dev.kanal.common.access.Need;
import dev.kanal.common.access.Needs;
import dev.kanal.common.access.Refusal;
import dev.kanal.common.channel.Channel;
import dev.kanal.common.channel.Topics;
import dev.kanal.common.job.Priority;
import dev.kanal.common.upkeep.Resend;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/** Makes, grows and deletes queues' topics. Usable from any thread; never blocks. */
final class QueueTopics {
  private static final int DESCRIBE_TRIES = 100;
  private static final DescribeTopicsOptions WITH_RIGHTS =
      new DescribeTopicsOptions().includeAuthorizedOperations(true);
  private static final Resend SOON = new Resend(Duration.ofMillis(50));

  private final Admin admin;
  private final Topics topics;
  private final Optional<Short> replication;
  private final GroupSetup groups;

  /**
   * @param replication of new topics; the cluster's default if empty
   */
  QueueTopics(Admin admin, Topics topics, Optional<Short> replication) {
    this.admin = admin;
    this.topics = topics;
    this.replication = replication;
    this.groups = new GroupSetup(admin);
  }

  /** A topic that is there. */
  record Made(String id, int partitions) {}

  /** Makes the channel's topic, if it is not there, with at least this many partitions. */
  CompletableFuture<Made> make(Channel channel, int partitions) {
    return make(topic(channel), channel.queue(), partitions);
  }

  /** Makes the topic of its own of a type, if it is not there. */
  CompletableFuture<Made> makeOwn(Channel channel, String type, int partitions) {
    return make(topics.own(channel.queue(), channel.priority(), type), channel.queue(), partitions);
  }

  private CompletableFuture<Made> make(String name, String queue, int partitions) {
    var topic = TopicSettings.tasks(name, partitions, replication);
    return future(admin.createTopics(List.of(topic)).values().get(name))
        .handle((_, failure) -> isAbout(failure, TopicExistsException.class) ? null : failure)
        .thenCompose(
            failure ->
                failure == null
                    ? groups.setUp(topics.workerGroup(queue))
                    : CompletableFuture.<Void>failedFuture(cause(failure)))
        .thenCompose(_ -> SOON.ask(() -> describeMade(name), DESCRIBE_TRIES, QueueTopics::isGone))
        .thenCompose(made -> grow(name, made, partitions));
  }

  /** What there is of the channels' topics, in one call; unknown topics where there is nothing. */
  Map<Channel, CompletableFuture<Made>> describe(Collection<Channel> channels) {
    List<String> names = channels.stream().map(this::topic).toList();
    var asked = admin.describeTopics(names).topicNameValues();
    Map<Channel, CompletableFuture<Made>> answers = new HashMap<>();
    for (Channel channel : channels) {
      answers.put(channel, future(asked.get(topic(channel))).thenApply(QueueTopics::made));
    }
    return answers;
  }

  /** The channels of a queue that have a topic. */
  CompletableFuture<Map<Channel, Made>> channels(String queue) {
    List<Channel> channels =
        Stream.of(Priority.values()).map(priority -> new Channel(queue, priority)).toList();
    Map<Channel, CompletableFuture<@Nullable Made>> asked = new HashMap<>();
    describe(channels).forEach((channel, made) -> asked.put(channel, ifThere(made)));
    return all(asked.values())
        .thenApply(
            _ -> {
              Map<Channel, Made> found = new HashMap<>();
              asked.forEach(
                  (channel, made) -> {
                    Made there = made.join();
                    if (there != null) {
                      found.put(channel, there);
                    }
                  });
              return found;
            });
  }

  /** The names of all queues that have a topic. */
  CompletableFuture<Set<String>> queues() {
    return future(admin.listTopics().names())
        .thenApply(
            names -> {
              Set<String> queues = new HashSet<>();
              names.forEach(name -> topics.queueOfShared(name).ifPresent(queues::add));
              return queues;
            });
  }

  /** The names of all topics. */
  CompletableFuture<Set<String>> names() {
    return future(admin.listTopics().names());
  }

  /** Deletes all topics of a queue. */
  CompletableFuture<Void> delete(String queue) {
    return names()
        .thenCompose(
            names -> {
              List<CompletableFuture<?>> deleted = new ArrayList<>();
              for (Priority priority : Priority.values()) {
                deleted.add(deleteTopic(topics.tasks(queue, priority)));
                names.stream()
                    .filter(name -> topics.isOwn(name, queue, priority))
                    .forEach(name -> deleted.add(deleteTopic(name)));
              }
              return all(deleted);
            });
  }

  private CompletableFuture<Void> deleteTopic(String name) {
    return future(admin.deleteTopics(List.of(name)).topicNameValues().get(name))
        .exceptionallyCompose(
            failure ->
                isAbout(failure, UnknownTopicOrPartitionException.class)
                    ? CompletableFuture.completedFuture(null)
                    : CompletableFuture.failedFuture(cause(failure)));
  }

  static boolean isGone(@Nullable Throwable failure) {
    return isAbout(failure, UnknownTopicOrPartitionException.class);
  }

  static Throwable cause(Throwable failure) {
    Throwable cause = failure.getCause();
    return failure instanceof CompletionException && cause != null ? cause(cause) : failure;
  }

  static CompletableFuture<Void> all(Iterable<? extends CompletableFuture<?>> futures) {
    List<CompletableFuture<?>> list = new ArrayList<>();
    futures.forEach(list::add);
    return CompletableFuture.allOf(list.toArray(CompletableFuture[]::new));
  }

  private CompletableFuture<Made> grow(String topic, Made made, int partitions) {
    if (made.partitions() >= partitions) {
      return CompletableFuture.completedFuture(made);
    }
    var wanted = Map.of(topic, NewPartitions.increaseTo(partitions));
    return future(admin.createPartitions(wanted).values().get(topic))
        .handle((_, failure) -> isAbout(failure, InvalidPartitionsException.class) ? null : failure)
        .thenCompose(
            failure ->
                failure == null
                    ? CompletableFuture.completedFuture(new Made(made.id(), partitions))
                    : CompletableFuture.failedFuture(cause(failure)));
  }

  /** A topic that was made just now is not known to every broker at once. */
  private CompletableFuture<Made> describeMade(String name) {
    return future(admin.describeTopics(List.of(name), WITH_RIGHTS).topicNameValues().get(name))
        .thenCompose(this::usable);
  }

  /** What is not allowed of a queue's topics is known only once one is there. */
  private CompletableFuture<Made> usable(TopicDescription topic) {
    List<Need> missing =
        Needs.ofScheduler(topics).stream()
            .filter(need -> need.isRefusedOf(topic.name(), topic.authorizedOperations()))
            .toList();
    return missing.isEmpty()
        ? CompletableFuture.completedFuture(made(topic))
        : CompletableFuture.failedFuture(new AuthorizationException(Refusal.of(missing, Map.of())));
  }

  private static CompletableFuture<@Nullable Made> ifThere(CompletableFuture<Made> asked) {
    return asked
        .handle((made, failure) -> new Described(made, failure))
        .thenCompose(
            described ->
                described.failure == null || isGone(described.failure)
                    ? CompletableFuture.<@Nullable Made>completedFuture(described.made)
                    : CompletableFuture.failedFuture(cause(described.failure)));
  }

  private String topic(Channel channel) {
    return topics.tasks(channel.queue(), channel.priority());
  }

  private static Made made(TopicDescription topic) {
    return new Made(topic.topicId().toString(), topic.partitions().size());
  }

  static <T> CompletableFuture<T> future(@Nullable KafkaFuture<T> asked) {
    return requireNonNull(asked, "asked").toCompletionStage().toCompletableFuture();
  }

  static boolean isAbout(@Nullable Throwable failure, Class<? extends Throwable> kind) {
    return failure != null && kind.isInstance(cause(failure));
  }

  private record Described(@Nullable Made made, @Nullable Throwable failure) {}
}
