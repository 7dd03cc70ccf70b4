package dev.kanal.scheduler.queues;

import static java.util.Objects.requireNonNull;

import dev.kanal.common.channel.Sink;
import dev.kanal.common.channel.Topics;
import dev.kanal.common.job.Priority;
import dev.kanal.common.log.LogEntry.QueueReady;
import dev.kanal.common.log.ToShard;
import dev.kanal.scheduler.engine.Lane;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes queues' topics on first use, tells every shard, and watches over them: a topic that was
 * deleted behind our back is made anew, and every shard told of the new one.
 */
public final class KafkaQueueDirectory implements QueueDirectory, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(KafkaQueueDirectory.class);
  private static final long WATCH_EVERY_MS = 500;
  private static final int ASK_AT_ONCE = 500;
  private static final int DESCRIBE_TRIES = 100;
  private static final Executor SOON = CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS);

  private final Admin admin;
  private final Topics topics;
  private final Sink<ToShard> shardLog;
  private final QueueTopicRule rule;
  private final BiConsumer<Lane, String> onLost;
  private final Map<Lane, CompletableFuture<Readiness>> known = new ConcurrentHashMap<>();
  private final Map<Lane, String> topicIds = new ConcurrentHashMap<>();
  private final Set<Lane> repairing = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService watch =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("kanal-queues").daemon().factory());

  /**
   * @param shardLog to the log; must not block
   * @param onLost told when a topic is found to be gone, and why that is thought
   */
  public KafkaQueueDirectory(
      Admin admin,
      Topics topics,
      Sink<ToShard> shardLog,
      QueueTopicRule rule,
      BiConsumer<Lane, String> onLost) {
    this.admin = admin;
    this.topics = topics;
    this.shardLog = shardLog;
    this.rule = rule;
    this.onLost = onLost;
  }

  /**
   * How queues' topics are made.
   *
   * @param autoCreate whether on first use
   */
  public record QueueTopicRule(
      int shards, int partitions, Optional<Short> replication, boolean autoCreate) {}

  public void start() {
    var _ =
        watch.scheduleWithFixedDelay(
            this::lookAfterTopics, WATCH_EVERY_MS, WATCH_EVERY_MS, TimeUnit.MILLISECONDS);
  }

  @Override
  public CompletableFuture<Readiness> ensure(String queue, Priority priority) {
    Lane lane = new Lane(queue, priority);
    CompletableFuture<Readiness> ready = known.get(lane);
    if (ready != null) {
      return ready;
    }
    CompletableFuture<Readiness> mine = new CompletableFuture<>();
    CompletableFuture<Readiness> first = known.putIfAbsent(lane, mine);
    if (first != null) {
      return first;
    }
    var _ =
        open(lane)
            .whenComplete(
                (readiness, failure) -> {
                  if (failure != null || readiness == Readiness.UNKNOWN) {
                    known.remove(lane, mine);
                  }
                  if (failure == null) {
                    mine.complete(readiness);
                  } else {
                    mine.completeExceptionally(cause(failure));
                  }
                });
    return mine;
  }

  /** Makes the lane's topic anew if it is gone, and tells every shard that it is there. */
  public void repair(Lane lane) {
    if (!repairing.add(lane)) {
      return;
    }
    var _ =
        make(lane)
            .thenCompose(id -> tellShards(lane, id))
            .whenComplete(
                (_, failure) -> {
                  repairing.remove(lane);
                  if (failure == null) {
                    log.info("Queue {} ({}) is ready", lane.queue(), lane.priority().text());
                  } else {
                    log.warn(
                        "Expected to make queue {} ({}) ready, but: {}; trying again",
                        lane.queue(),
                        lane.priority().text(),
                        cause(failure).getMessage());
                    CompletableFuture.delayedExecutor(WATCH_EVERY_MS, TimeUnit.MILLISECONDS, watch)
                        .execute(() -> repair(lane));
                  }
                });
  }

  @Override
  public void close() {
    watch.shutdownNow();
  }

  private CompletableFuture<Readiness> open(Lane lane) {
    CompletableFuture<Optional<String>> existing =
        rule.autoCreate() ? make(lane).thenApply(Optional::of) : find(lane);
    return existing.thenCompose(
        id ->
            id.isEmpty()
                ? CompletableFuture.completedFuture(Readiness.UNKNOWN)
                : tellShards(lane, id.get()).thenApply(_ -> Readiness.READY));
  }

  /**
   * A queue that exists, by any of its priorities, has all of them: the others are made on use. The
   * answer is the id of this lane's topic.
   */
  private CompletableFuture<Optional<String>> find(Lane lane) {
    List<CompletableFuture<Boolean>> anyPriority = new ArrayList<>();
    for (Priority priority : Priority.values()) {
      String name = topics.tasks(lane.queue(), priority);
      anyPriority.add(describe(name).handle((_, failure) -> failure == null));
    }
    return CompletableFuture.allOf(anyPriority.toArray(CompletableFuture[]::new))
        .thenCompose(
            _ ->
                anyPriority.stream().anyMatch(CompletableFuture::join)
                    ? make(lane).thenApply(Optional::of)
                    : CompletableFuture.completedFuture(Optional.empty()));
  }

  /** Makes the lane's topic, if it is not there, and answers its id. */
  private CompletableFuture<String> make(Lane lane) {
    String name = topics.tasks(lane.queue(), lane.priority());
    var topic = TopicSettings.tasks(name, rule.partitions(), rule.replication());
    return future(admin.createTopics(List.of(topic)).values().get(name))
        .handle((_, failure) -> isAbout(failure, TopicExistsException.class) ? null : failure)
        .thenCompose(
            failure ->
                failure == null
                    ? setUpGroup(lane.queue())
                    : CompletableFuture.<Void>failedFuture(cause(failure)))
        .thenCompose(_ -> describeMade(name, DESCRIBE_TRIES))
        .thenApply(
            description -> {
              String id = description.topicId().toString();
              topicIds.put(lane, id);
              return id;
            });
  }

  /** A topic that was made just now is not known to every broker at once. */
  private CompletableFuture<TopicDescription> describeMade(String name, int tries) {
    return describe(name)
        .exceptionallyCompose(
            failure ->
                tries > 1 && isAbout(failure, UnknownTopicOrPartitionException.class)
                    ? CompletableFuture.supplyAsync(() -> tries - 1, SOON)
                        .thenCompose(left -> describeMade(name, left))
                    : CompletableFuture.failedFuture(cause(failure)));
  }

  /** A share group starts at the end of its topics unless it is told otherwise. */
  private CompletableFuture<Void> setUpGroup(String queue) {
    ConfigResource group = new ConfigResource(ConfigResource.Type.GROUP, topics.workerGroup(queue));
    List<AlterConfigOp> settings =
        List.of(
            set("share.auto.offset.reset", "earliest"),
            set("share.record.lock.duration.ms", "15000"),
            set("share.delivery.count.limit", "10"));
    return future(admin.incrementalAlterConfigs(Map.of(group, settings)).values().get(group));
  }

  private CompletableFuture<Void> tellShards(Lane lane, String topicId) {
    QueueReady ready = new QueueReady(lane.queue(), lane.priority(), topicId);
    List<CompletableFuture<?>> told = new ArrayList<>();
    for (int shard = 0; shard < rule.shards(); shard++) {
      told.add(shardLog.send(new ToShard(shard, ready)));
    }
    return CompletableFuture.allOf(told.toArray(CompletableFuture[]::new));
  }

  private void lookAfterTopics() {
    List<Lane> lanes = List.copyOf(topicIds.keySet());
    for (int i = 0; i < lanes.size(); i += ASK_AT_ONCE) {
      lanes.subList(i, Math.min(lanes.size(), i + ASK_AT_ONCE)).forEach(this::lookAfter);
    }
  }

  private void lookAfter(Lane lane) {
    String expected = topicIds.get(lane);
    var _ =
        describe(topics.tasks(lane.queue(), lane.priority()))
            .whenComplete(
                (description, failure) -> {
                  if (isAbout(failure, UnknownTopicOrPartitionException.class)) {
                    lost(lane, "its topic was deleted");
                  } else if (failure == null
                      && !description.topicId().toString().equals(expected)
                      && topicIds.replace(lane, expected, description.topicId().toString())) {
                    lost(lane, "its topic was deleted and made anew");
                  }
                });
  }

  private void lost(Lane lane, String why) {
    if (!repairing.contains(lane)) {
      onLost.accept(lane, why);
      repair(lane);
    }
  }

  private CompletableFuture<TopicDescription> describe(String topic) {
    return future(admin.describeTopics(List.of(topic)).topicNameValues().get(topic));
  }

  private static AlterConfigOp set(String key, String value) {
    return new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET);
  }

  private static <T> CompletableFuture<T> future(@Nullable KafkaFuture<T> asked) {
    return requireNonNull(asked, "asked").toCompletionStage().toCompletableFuture();
  }

  private static boolean isAbout(@Nullable Throwable failure, Class<? extends Throwable> kind) {
    return failure != null && kind.isInstance(cause(failure));
  }

  private static Throwable cause(Throwable failure) {
    Throwable cause = failure.getCause();
    return failure instanceof CompletionException && cause != null ? cause(cause) : failure;
  }
}
