package dev.kanal.scheduler.queues;

import dev.kanal.common.access.Need;
import dev.kanal.common.access.Needs;
import dev.kanal.common.access.Refusal;
import dev.kanal.common.channel.KafkaReach;
import dev.kanal.common.channel.SendFailedException;
import dev.kanal.common.channel.Sink;
import dev.kanal.common.channel.Topics;
import dev.kanal.common.job.Priority;
import dev.kanal.common.log.LogEntry.QueueReady;
import dev.kanal.common.log.ToShard;
import dev.kanal.common.queue.KnownQueues;
import dev.kanal.common.queue.QueueFeed;
import dev.kanal.common.queue.QueueRecord;
import dev.kanal.common.queue.QueueSettings;
import dev.kanal.common.upkeep.Housekeeper;
import dev.kanal.common.upkeep.Resend;
import dev.kanal.scheduler.engine.row.Lane;
import dev.kanal.scheduler.queues.QueueTopics.Made;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Makes queues' topics on first use, tells every shard, and watches over them: a topic that was
 * deleted behind our back is made anew, and every shard told of the new one. Follows the queues'
 * settings.
 */
public final class KafkaQueueDirectory implements QueueDirectory, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(KafkaQueueDirectory.class);
  private static final Duration WATCH_EVERY = Duration.ofMillis(500);
  private static final long FEED_PATIENCE_MS = 3_000;
  private static final long TOPIC_PATIENCE_MS = 4_000;

  /** How long a queue that was deleted is not made anew: until every node has let go of it. */
  private static final long CLOSING_MS = 3_000;

  /** How long a task on its way to a deleted queue may take to fail, and not bring it back. */
  private static final long GONE_MS = 30_000;

  private final QueueTopics queueTopics;
  private final List<Need> needs;
  private final KafkaReach reach;
  private final Sink<ToShard> shardLog;
  private final QueueTopicRule rule;
  private final QueueSettings defaults;
  private final BiConsumer<Lane, String> onLost;
  private final KnownQueues known = new KnownQueues();
  private final QueueFeed feed;
  private final Map<Lane, CompletableFuture<Readiness>> ready = new ConcurrentHashMap<>();
  private final Map<Lane, CompletableFuture<Boolean>> wanting = new ConcurrentHashMap<>();
  private final Map<Lane, Made> made = new ConcurrentHashMap<>();
  private final Map<String, CompletableFuture<Boolean>> closing = new ConcurrentHashMap<>();
  private final Map<String, CompletableFuture<Boolean>> gone = new ConcurrentHashMap<>();
  private final Set<Lane> repairing = ConcurrentHashMap.newKeySet();
  private final Housekeeper watch;
  private final Resend repairs = new Resend(WATCH_EVERY);

  /**
   * @param shardLog to the log; must not block
   * @param onLost told when a topic is found to be gone, and why that is thought
   */
  public KafkaQueueDirectory(
      Cluster cluster,
      Sink<ToShard> shardLog,
      QueueTopicRule rule,
      BiConsumer<Lane, String> onLost) {
    this.needs = Needs.ofScheduler(cluster.topics);
    this.reach = cluster.reach;
    this.queueTopics = new QueueTopics(cluster.admin, cluster.topics, rule.replication);
    this.shardLog = shardLog;
    this.rule = rule;
    this.defaults = QueueSettings.of(rule.partitions, rule.capacity);
    this.onLost = onLost;
    TopicWatch topicWatch = new TopicWatch(() -> made, queueTopics::describe, this::seen);
    this.watch =
        new Housekeeper("kanal-queues", "look at queues' topics", WATCH_EVERY, topicWatch::look);
    this.feed = new QueueFeed(cluster.client, cluster.topics.queues(), known, this::changed);
  }

  /**
   * Where the topics are.
   *
   * @param client settings of clients, brokers among them
   * @param reach says when it is of no use to ask
   */
  public record Cluster(Admin admin, Map<String, Object> client, Topics topics, KafkaReach reach) {}

  /**
   * How queues' topics are made.
   *
   * @param partitions of a queue of which nothing else is said
   * @param capacity of a queue of which nothing else is said
   * @param autoCreate whether on first use
   * @param bounds of how many
   */
  public record QueueTopicRule(
      int shards,
      int partitions,
      long capacity,
      Optional<Short> replication,
      boolean autoCreate,
      NewQueues bounds) {}

  public void start() {
    feed.start();
    watch.start();
  }

  @Override
  public CompletableFuture<Readiness> ensure(String queue, Priority priority) {
    Lane lane = new Lane(queue, priority);
    CompletableFuture<Readiness> there = ready.get(lane);
    if (there != null) {
      return there;
    }
    CompletableFuture<Readiness> mine = new CompletableFuture<>();
    CompletableFuture<Readiness> first = ready.putIfAbsent(lane, mine);
    if (first != null) {
      return first;
    }
    var _ =
        feedRead()
            .thenCompose(_ -> closed(queue))
            .thenCompose(_ -> inTime(open(lane)))
            .whenComplete(
                (readiness, failure) -> {
                  if (failure != null || readiness == Readiness.UNKNOWN) {
                    ready.remove(lane, mine);
                  }
                  if (failure == null) {
                    mine.complete(readiness);
                  } else {
                    mine.completeExceptionally(told(QueueTopics.cause(failure)));
                  }
                });
    return mine;
  }

  /** A refusal is told to whoever runs Kanal, and to the caller, who can only try later. */
  private Throwable told(Throwable failure) {
    Optional<String> refusal = Refusal.in(failure, needs);
    refusal.ifPresent(text -> log.error("A queue cannot be made ready: {}", text));
    return refusal.<Throwable>map(SendFailedException::new).orElse(failure);
  }

  @Override
  public KnownQueues known() {
    return known;
  }

  @Override
  public QueueSettings defaults() {
    return defaults;
  }

  @Override
  public boolean makesQueues() {
    return rule.autoCreate;
  }

  @Override
  public CompletableFuture<Integer> partitions(String queue) {
    return reach
        .guard(queueTopics.lanes(queue))
        .thenApply(lanes -> lanes.values().stream().mapToInt(Made::partitions).max().orElse(0));
  }

  @Override
  public CompletableFuture<Map<Priority, Map<Integer, Long>>> groupLags(String queue) {
    return reach.guard(queueTopics.groupLags(queue));
  }

  @Override
  public CompletableFuture<Set<String>> names() {
    return reach.guard(queueTopics.queues());
  }

  @Override
  public CompletableFuture<Void> open(String queue, int partitions) {
    return inTime(
        queueTopics.lanes(queue).thenCompose(lanes -> open(queue, lanes.keySet(), partitions)));
  }

  private CompletableFuture<Void> open(String queue, Set<Lane> lanes, int partitions) {
    Set<Lane> wanted = lanes.isEmpty() ? Set.of(new Lane(queue, Priority.NORMAL)) : lanes;
    List<CompletableFuture<?>> opened = new ArrayList<>();
    for (Lane lane : wanted) {
      opened.add(
          makeWithin(lane, partitions, lanes.isEmpty()).thenCompose(id -> tellShards(lane, id)));
    }
    return QueueTopics.all(opened);
  }

  /** Who waits for a topic is told soon that it was not made in time; it may be made later. */
  private <T> CompletableFuture<T> inTime(CompletableFuture<T> made) {
    return reach
        .guard(made)
        .orTimeout(TOPIC_PATIENCE_MS, TimeUnit.MILLISECONDS)
        .exceptionallyCompose(
            failure ->
                CompletableFuture.failedFuture(
                    switch (QueueTopics.cause(failure)) {
                      case TimeoutException _ ->
                          new SendFailedException(
                              "Expected Kafka to make the queue's topic within %d ms"
                                  .formatted(TOPIC_PATIENCE_MS));
                      case RetriableException e ->
                          new SendFailedException("Kafka has not made the queue's topic: " + e);
                      default -> failure;
                    }));
  }

  @Override
  public CompletableFuture<Void> delete(String queue) {
    forget(queue);
    return reach.guard(queueTopics.delete(queue));
  }

  /**
   * Gives a queue its topic, as {@link #ensure} does, and tells the shards of it even if it was
   * ready before: one of them has said that it does not know. Answers whether there is such a
   * queue. Fails when Kafka is away.
   */
  public CompletableFuture<Boolean> wanted(Lane lane) {
    CompletableFuture<Boolean> mine = new CompletableFuture<>();
    CompletableFuture<Boolean> first = wanting.putIfAbsent(lane, mine);
    if (first != null) {
      return first;
    }
    var _ =
        feedRead()
            .thenCompose(_ -> closed(lane.queue()))
            .thenCompose(_ -> open(lane))
            .whenComplete(
                (readiness, failure) -> {
                  wanting.remove(lane, mine);
                  if (failure == null) {
                    mine.complete(readiness == Readiness.READY);
                  } else {
                    mine.completeExceptionally(told(QueueTopics.cause(failure)));
                  }
                });
    return mine;
  }

  /** Makes the lane's topic anew if it is gone, and tells every shard that it is there. */
  public void repair(Lane lane) {
    if (gone.containsKey(lane.queue()) || !repairing.add(lane)) {
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
                    // While Kafka is away, that is said once, and not by every queue.
                    log.atLevel(reach.away() == null ? Level.WARN : Level.DEBUG)
                        .log(
                            "Expected to make queue {} ({}) ready, but: {}; trying again",
                            lane.queue(),
                            lane.priority().text(),
                            QueueTopics.cause(failure).getMessage());
                    repairs.later(() -> repair(lane));
                  }
                });
  }

  @Override
  public void close() {
    watch.close();
    repairs.close();
    feed.close();
  }

  /** Settings decide where jobs go: none is taken before they have been read. */
  private CompletableFuture<Void> feedRead() {
    return known
        .caughtUp()
        .copy()
        .orTimeout(FEED_PATIENCE_MS, TimeUnit.MILLISECONDS)
        .exceptionallyCompose(
            failure ->
                CompletableFuture.failedFuture(
                    QueueTopics.cause(failure) instanceof TimeoutException
                        ? new SendFailedException("Expected to read the queues' settings in time")
                        : failure));
  }

  /** Completes once the queue is not about to be deleted. */
  private CompletableFuture<Boolean> closed(String queue) {
    return closing.getOrDefault(queue, CompletableFuture.completedFuture(true));
  }

  private void changed(QueueRecord said) {
    CompletableFuture<Boolean> wasClosing = closing.remove(said.queue());
    gone.remove(said.queue());
    if (said.settings() == null && known.caughtUp().isDone()) {
      keep(closing, said.queue(), CLOSING_MS);
      keep(gone, said.queue(), GONE_MS);
      forget(said.queue());
    }
    if (wasClosing != null) {
      wasClosing.complete(true);
    }
  }

  private static void keep(
      Map<String, CompletableFuture<Boolean>> where, String queue, long forMs) {
    CompletableFuture<Boolean> over = new CompletableFuture<>();
    where.put(queue, over);
    var _ =
        over.completeOnTimeout(true, forMs, TimeUnit.MILLISECONDS)
            .whenComplete((_, _) -> where.remove(queue, over));
  }

  private void forget(String queue) {
    for (Priority priority : Priority.values()) {
      ready.remove(new Lane(queue, priority));
      made.remove(new Lane(queue, priority));
    }
  }

  private CompletableFuture<Readiness> open(Lane lane) {
    CompletableFuture<Optional<String>> opened =
        known.settings(lane.queue()) != null ? make(lane).thenApply(Optional::of) : find(lane);
    return opened.thenCompose(
        id ->
            id.isEmpty()
                ? CompletableFuture.completedFuture(Readiness.UNKNOWN)
                : tellShards(lane, id.get()).thenApply(_ -> Readiness.READY));
  }

  /**
   * A queue that exists, by any of its priorities, has all of them: the others are made on use. The
   * answer is the id of this lane's topic; none if there is no such queue and none is made on use.
   */
  private CompletableFuture<Optional<String>> find(Lane lane) {
    return queueTopics
        .lanes(lane.queue())
        .thenCompose(
            lanes ->
                lanes.isEmpty() && !rule.autoCreate
                    ? CompletableFuture.completedFuture(Optional.empty())
                    : makeWithin(lane, settings(lane.queue()).partitions(), lanes.isEmpty())
                        .thenApply(Optional::of));
  }

  /** Makes the lane's topic; if that makes a new queue, within the bounds of how many there are. */
  private CompletableFuture<String> makeWithin(Lane lane, int partitions, boolean isNew) {
    if (!isNew) {
      return make(lane, partitions);
    }
    return queueTopics
        .queues()
        .thenCompose(
            there -> {
              rule.bounds.begin(lane.queue(), there);
              return make(lane, partitions).whenComplete((_, _) -> rule.bounds.over(lane.queue()));
            });
  }

  private CompletableFuture<String> make(Lane lane) {
    return make(lane, settings(lane.queue()).partitions());
  }

  /** Makes the lane's topic, if it is not there, and answers its id. */
  private CompletableFuture<String> make(Lane lane, int partitions) {
    return queueTopics
        .make(lane, partitions)
        .thenApply(
            topic -> {
              made.put(lane, topic);
              gone.remove(lane.queue());
              return topic.id();
            });
  }

  private CompletableFuture<Void> tellShards(Lane lane, String topicId) {
    QueueReady entry = new QueueReady(lane.queue(), lane.priority(), topicId);
    List<CompletableFuture<?>> told = new ArrayList<>();
    for (int shard = 0; shard < rule.shards(); shard++) {
      told.add(shardLog.send(new ToShard(shard, entry)));
    }
    return QueueTopics.all(told);
  }

  /** An answer about what has changed since it was asked for says nothing. */
  private void seen(Lane lane, Made expected, @Nullable Made found, @Nullable Throwable failure) {
    if (!expected.equals(made.get(lane))) {
      return;
    }
    if (QueueTopics.isGone(failure)) {
      lost(lane, "its topic was deleted");
    } else if (found != null
        && !found.id().equals(expected.id())
        && made.replace(lane, expected, found)) {
      lost(lane, "its topic was deleted and made anew");
    } else if (found != null
        && found.partitions() < settings(lane.queue()).partitions()
        && known.settings(lane.queue()) != null) {
      var _ = make(lane);
    }
  }

  private void lost(Lane lane, String why) {
    if (made.containsKey(lane) && !repairing.contains(lane)) {
      onLost.accept(lane, why);
      repair(lane);
    }
  }
}
