package dev.kanal.scheduler.queues;

import dev.kanal.common.access.Need;
import dev.kanal.common.access.Needs;
import dev.kanal.common.access.Refusal;
import dev.kanal.common.channel.Channel;
import dev.kanal.common.channel.GroupAdmin;
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
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Makes queues' topics on first use, informs every shard, and watches over them: a topic that was
 * deleted behind our back is made again, and every shard informed of the new one. Follows the
 * queues' settings.
 */
public final class KafkaQueueDirectory implements QueueDirectory, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(KafkaQueueDirectory.class);
  private static final Duration WATCH_EVERY = Duration.ofMillis(500);
  private static final long FEED_PATIENCE_MS = 3_000;
  private static final long TOPIC_PATIENCE_MS = 4_000;

  /** How long a queue that was deleted is not made again: until every node has let go of it. */
  private static final long CLOSING_MS = 3_000;

  /** How long a task on its way to a deleted queue may take to fail, and not bring it back. */
  private static final long GONE_MS = 30_000;

  private final QueueTopics queueTopics;
  private final Topics topics;
  private final Admin groupAdmin;
  private final List<Need> needs;
  private final KafkaReach reach;
  private final Sink<ToShard> shardLog;
  private final QueueTopicRule rule;
  private final QueueSettings defaults;
  private final TopicListener listener;
  private final KnownQueues known = new KnownQueues();
  private final QueueFeed feed;
  private final Map<Channel, CompletableFuture<Readiness>> ready = new ConcurrentHashMap<>();
  private final Map<Channel, CompletableFuture<Boolean>> wanting = new ConcurrentHashMap<>();
  private final Map<Channel, Made> made = new ConcurrentHashMap<>();
  private final Map<String, CompletableFuture<Boolean>> closing = new ConcurrentHashMap<>();
  private final Map<String, CompletableFuture<Boolean>> gone = new ConcurrentHashMap<>();
  private final Set<Channel> repairing = ConcurrentHashMap.newKeySet();
  private final Housekeeper watch;
  private final Resend repairs = new Resend(WATCH_EVERY);

  /**
   * @param shardLog to the log; must not block
   * @param listener hears of topics
   */
  public KafkaQueueDirectory(
      Cluster cluster, Sink<ToShard> shardLog, QueueTopicRule rule, TopicListener listener) {
    this.topics = cluster.topics;
    this.groupAdmin = GroupAdmin.open(cluster.client);
    this.needs = Needs.ofScheduler(cluster.topics);
    this.reach = cluster.reach;
    this.queueTopics = new QueueTopics(cluster.admin, cluster.topics, rule.replication);
    this.shardLog = shardLog;
    this.rule = rule;
    this.defaults = QueueSettings.of(rule.partitions, rule.capacity);
    this.listener = listener;
    TopicWatch topicWatch = new TopicWatch(() -> made, queueTopics::describe, this::seen);
    this.watch =
        new Housekeeper("kanal-queues", "look at queues' topics", WATCH_EVERY, topicWatch::look);
    this.feed = new QueueFeed(cluster.client, cluster.topics.queues(), known, this::changed);
  }

  /** Hears of queues' topics, on any thread; must not block. */
  public interface TopicListener {
    /** There is a topic that this node did not know of. */
    default void made(Channel channel) {}

    /**
     * A topic is gone.
     *
     * @param why that is thought
     */
    void lost(Channel channel, String why);
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
    Channel channel = new Channel(queue, priority);
    CompletableFuture<Readiness> there = ready.get(channel);
    if (there != null) {
      return there;
    }
    CompletableFuture<Readiness> mine = new CompletableFuture<>();
    CompletableFuture<Readiness> first = ready.putIfAbsent(channel, mine);
    if (first != null) {
      return first;
    }
    var _ =
        feedRead()
            .thenCompose(_ -> closed(queue))
            .thenCompose(_ -> inTime(open(channel)))
            .whenComplete(
                (readiness, failure) -> {
                  if (failure != null || readiness == Readiness.UNKNOWN) {
                    ready.remove(channel, mine);
                  }
                  if (failure == null) {
                    mine.complete(readiness);
                  } else {
                    mine.completeExceptionally(explained(QueueTopics.cause(failure)));
                  }
                });
    return mine;
  }

  /** A refusal is logged for the operator; the caller can only try later. */
  private Throwable explained(Throwable failure) {
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
        .guard(queueTopics.channels(queue))
        .thenApply(
            channels -> channels.values().stream().mapToInt(Made::partitions).max().orElse(0));
  }

  @Override
  public CompletableFuture<Map<Priority, Map<Integer, Long>>> groupLags(String queue) {
    return reach.guard(GroupLags.of(groupAdmin, topics, queue));
  }

  @Override
  public CompletableFuture<Set<String>> names() {
    return reach.guard(queueTopics.queues());
  }

  @Override
  public CompletableFuture<Void> open(String queue, int partitions) {
    return inTime(
        queueTopics
            .channels(queue)
            .thenCompose(channels -> open(queue, channels.keySet(), partitions)));
  }

  private CompletableFuture<Void> open(String queue, Set<Channel> channels, int partitions) {
    Set<Channel> wanted =
        channels.isEmpty() ? Set.of(new Channel(queue, Priority.NORMAL)) : channels;
    List<CompletableFuture<?>> opened = new ArrayList<>();
    for (Channel channel : wanted) {
      opened.add(
          makeWithin(channel, partitions, channels.isEmpty())
              .thenCompose(id -> informShards(channel, id)));
    }
    return QueueTopics.all(opened);
  }

  /** Callers learn soon that a topic was not made in time; it may be made later. */
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
   * Gives a queue its topic, as {@link #ensure} does, and informs the shards of it even if it was
   * ready before: one of them has said that it does not know. Answers whether there is such a
   * queue. Fails when Kafka is away.
   */
  public CompletableFuture<Boolean> wanted(Channel channel) {
    CompletableFuture<Boolean> mine = new CompletableFuture<>();
    CompletableFuture<Boolean> first = wanting.putIfAbsent(channel, mine);
    if (first != null) {
      return first;
    }
    var _ =
        feedRead()
            .thenCompose(_ -> closed(channel.queue()))
            .thenCompose(_ -> open(channel))
            .whenComplete(
                (readiness, failure) -> {
                  wanting.remove(channel, mine);
                  if (failure == null) {
                    mine.complete(readiness == Readiness.READY);
                  } else {
                    mine.completeExceptionally(explained(QueueTopics.cause(failure)));
                  }
                });
    return mine;
  }

  /** Makes the channel's topic again if it is gone, and informs every shard that it is there. */
  public void repair(Channel channel) {
    if (gone.containsKey(channel.queue()) || !repairing.add(channel)) {
      return;
    }
    var _ =
        make(channel)
            .thenCompose(id -> informShards(channel, id))
            .whenComplete(
                (_, failure) -> {
                  repairing.remove(channel);
                  if (failure == null) {
                    log.info("Queue {} ({}) is ready", channel.queue(), channel.priority().text());
                  } else {
                    // While Kafka is away, that is said once, and not by every queue.
                    log.atLevel(reach.away() == null ? Level.WARN : Level.DEBUG)
                        .log(
                            "Expected to make queue {} ({}) ready, but: {}; trying again",
                            channel.queue(),
                            channel.priority().text(),
                            QueueTopics.cause(failure).getMessage());
                    repairs.later(() -> repair(channel));
                  }
                });
  }

  @Override
  public void close() {
    watch.close();
    repairs.close();
    feed.close();
    groupAdmin.close(Duration.ZERO);
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
      ready.remove(new Channel(queue, priority));
      made.remove(new Channel(queue, priority));
    }
  }

  private CompletableFuture<Readiness> open(Channel channel) {
    CompletableFuture<Optional<String>> opened =
        known.settings(channel.queue()) != null
            ? make(channel).thenApply(Optional::of)
            : find(channel);
    return opened.thenCompose(
        id ->
            id.isEmpty()
                ? CompletableFuture.completedFuture(Readiness.UNKNOWN)
                : informShards(channel, id.get()).thenApply(_ -> Readiness.READY));
  }

  /**
   * A queue that exists, by any of its priorities, has all of them: the others are made on use. The
   * answer is the id of this channel's topic; none if there is no such queue and none is made on
   * use.
   */
  private CompletableFuture<Optional<String>> find(Channel channel) {
    return queueTopics
        .channels(channel.queue())
        .thenCompose(
            channels ->
                channels.isEmpty() && !rule.autoCreate
                    ? CompletableFuture.completedFuture(Optional.empty())
                    : makeWithin(
                            channel, settings(channel.queue()).partitions(), channels.isEmpty())
                        .thenApply(Optional::of));
  }

  /**
   * Makes the channel's topic; if that makes a new queue, within the bounds of how many there are.
   */
  private CompletableFuture<String> makeWithin(Channel channel, int partitions, boolean isNew) {
    if (!isNew) {
      return make(channel, partitions);
    }
    return queueTopics
        .queues()
        .thenCompose(
            there -> {
              rule.bounds.begin(channel.queue(), there);
              return make(channel, partitions)
                  .whenComplete((_, _) -> rule.bounds.over(channel.queue()));
            });
  }

  private CompletableFuture<String> make(Channel channel) {
    return make(channel, settings(channel.queue()).partitions());
  }

  /** Makes the channel's topic, if it is not there, and answers its id. */
  private CompletableFuture<String> make(Channel channel, int partitions) {
    return queueTopics
        .make(channel, partitions)
        .thenApply(
            topic -> {
              if (!topic.equals(made.put(channel, topic))) {
                listener.made(channel);
              }
              gone.remove(channel.queue());
              return topic.id();
            });
  }

  private CompletableFuture<Void> informShards(Channel channel, String topicId) {
    QueueReady entry = new QueueReady(channel.queue(), channel.priority(), topicId);
    List<CompletableFuture<?>> sent = new ArrayList<>();
    for (int shard = 0; shard < rule.shards(); shard++) {
      sent.add(shardLog.send(new ToShard(shard, entry)));
    }
    return QueueTopics.all(sent);
  }

  /** An answer about what has changed since it was asked for says nothing. */
  private void seen(
      Channel channel, Made expected, @Nullable Made found, @Nullable Throwable failure) {
    if (!expected.equals(made.get(channel))) {
      return;
    }
    if (QueueTopics.isGone(failure)) {
      lost(channel, "its topic was deleted");
    } else if (found != null
        && !found.id().equals(expected.id())
        && made.replace(channel, expected, found)) {
      lost(channel, "its topic was deleted and made again");
    } else if (found != null
        && found.partitions() < settings(channel.queue()).partitions()
        && known.settings(channel.queue()) != null) {
      var _ = make(channel);
    }
  }

  private void lost(Channel channel, String why) {
    if (made.containsKey(channel) && !repairing.contains(channel)) {
      listener.lost(channel, why);
      repair(channel);
    }
  }
}
