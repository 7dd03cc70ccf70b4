package dev.kanal.scheduler.queues;

import dev.kanal.common.channel.Channel;
import dev.kanal.common.channel.Topics;
import dev.kanal.common.clock.Ticker;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.Priority;
import dev.kanal.common.upkeep.Housekeeper;
import dev.kanal.common.worker.KnownWorkers;
import dev.kanal.common.worker.WorkerReport;
import dev.kanal.scheduler.engine.out.OwnTopics;
import dev.kanal.scheduler.queues.OwnTopicRule.Way;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives types that only some of a queue's workers run a topic of their own, and says when it is
 * used: a moment after it was made, so that workers have found it, and for as long as those that
 * run the type read it. It stays as long as its queue. Looks once a second, on one thread.
 */
public final class OwnTopicWatch implements OwnTopics {
  /** Types of one queue and priority that get a topic of their own; others go by the shared one. */
  public static final int TYPES_MAX = 100;

  /** Workers look for topics once a second, and join again then. */
  static final Duration FOUND_AFTER = Duration.ofSeconds(3);

  private static final Logger log = LoggerFactory.getLogger(OwnTopicWatch.class);
  private static final Duration EVERY = Duration.ofSeconds(1);
  private static final long PATIENCE_MS = 10_000;

  private final QueueTopics queueTopics;
  private final Topics topics;
  private final KnownWorkers workers;
  private final ToIntFunction<String> partitions;
  private final Ticker ticker;
  private final Map<String, Long> found = new HashMap<>(); // the watch's thread
  private boolean anyOwn = true; // likewise; not known at first
  private final Set<Channel> full = new HashSet<>(); // likewise
  private final Set<String> refused = ConcurrentHashMap.newKeySet();

  /** Not used until the next look. */
  private final Set<String> failed = ConcurrentHashMap.newKeySet();

  private volatile Map<Use, String> used = Map.of();
  private volatile Set<String> abandoned = Set.of();

  private record Use(Channel channel, String type) {}

  /**
   * @param partitions that a queue's topics have
   */
  public OwnTopicWatch(
      KafkaQueueDirectory.Cluster cluster,
      KafkaQueueDirectory.QueueTopicRule rule,
      KnownWorkers workers,
      ToIntFunction<String> partitions,
      Ticker ticker) {
    this.queueTopics = new QueueTopics(cluster.admin(), cluster.topics(), rule.replication());
    this.topics = cluster.topics();
    this.workers = workers;
    this.partitions = partitions;
    this.ticker = ticker;
  }

  public Housekeeper housekeeper() {
    return new Housekeeper(
        "kanal-own-topics", "see to the topics of single types", Duration.ZERO, EVERY, this::look);
  }

  @Override
  public @Nullable String of(Channel channel, String type) {
    Map<Use, String> now = used;
    String topic = now.isEmpty() ? null : now.get(new Use(channel, type));
    return topic == null || failed.contains(topic) ? null : topic;
  }

  @Override
  public void failed(String topic) {
    failed.add(topic);
  }

  @Override
  public boolean isAbandoned(String topic) {
    return abandoned.contains(topic);
  }

  private void look() throws InterruptedException, ExecutionException, TimeoutException {
    List<WorkerReport> live = workers.live();
    if (workers.isComplete() && (anyOwn || differ(live))) {
      look(live);
    }
  }

  /** Where all workers run the same, and no type has a topic of its own, there is nothing to do. */
  private static boolean differ(List<WorkerReport> live) {
    return live.stream().anyMatch(each -> !each.types().equals(live.getFirst().types()));
  }

  private void look(List<WorkerReport> live)
      throws InterruptedException, ExecutionException, TimeoutException {
    Set<String> names = queueTopics.names().get(PATIENCE_MS, TimeUnit.MILLISECONDS);
    Seen seen = new Seen(names, new HashMap<>(), new HashSet<>());
    shared(names)
        .forEach(
            (queue, priorities) -> {
              Map<String, Way> ways = OwnTopicRule.of(queue, live);
              priorities.forEach(priority -> look(new Channel(queue, priority), ways, seen));
            });
    long now = ticker.nanos();
    Set<String> there = Set.copyOf(seen.uses.values());
    found.keySet().retainAll(there);
    there.forEach(topic -> found.putIfAbsent(topic, now));
    failed.clear();
    seen.uses.values().removeIf(topic -> now - foundAt(topic) < FOUND_AFTER.toNanos());
    anyOwn = !there.isEmpty() || !seen.unread.isEmpty();
    used = Map.copyOf(seen.uses);
    abandoned = Set.copyOf(seen.unread);
  }

  private long foundAt(String topic) {
    return found.getOrDefault(topic, ticker.nanos());
  }

  /** What one look finds. */
  private record Seen(Set<String> names, Map<Use, String> uses, Set<String> unread) {}

  /** A type whose last worker has gone keeps its topic: the next one finds its tasks there. */
  private void look(Channel channel, Map<String, Way> ways, Seen seen) {
    long room = TYPES_MAX - seen.names.stream().filter(name -> isOwn(name, channel)).count();
    Set<String> types = new TreeSet<>(ways.keySet());
    used.keySet().stream()
        .filter(use -> use.channel.equals(channel))
        .forEach(use -> types.add(use.type));
    for (String type : types) {
      Way way = ways.getOrDefault(type, Way.OWN);
      String topic = topics.own(channel.queue(), channel.priority(), type);
      if (!seen.names.contains(topic)) {
        if (way == Way.OWN && ways.containsKey(type) && JobSpec.TYPE.matcher(type).matches()) {
          room--;
          make(channel, type, room >= 0);
        }
      } else if (way == Way.UNREAD) {
        seen.unread.add(topic);
      } else {
        seen.uses.put(new Use(channel, type), topic);
      }
    }
  }

  private void make(Channel channel, String type, boolean hasRoom) {
    if (!hasRoom) {
      if (full.add(channel)) {
        log.warn(
            "More than {} types of queue {} ({}) are run by some of its workers only; {} and others"
                + " have no topic of their own, and may reach their workers by way of others",
            TYPES_MAX,
            channel.queue(),
            channel.priority().text(),
            type);
      }
      return;
    }
    var _ =
        queueTopics
            .makeOwn(channel, type, partitions.applyAsInt(channel.queue()))
            .whenComplete(
                (_, failure) -> {
                  if (failure == null) {
                    log.info(
                        "Type {} of queue {} ({}) has a topic of its own now: some workers lack it",
                        type,
                        channel.queue(),
                        channel.priority().text());
                  } else if (refused.add(topics.own(channel.queue(), channel.priority(), type))) {
                    log.warn(
                        "Expected to make a topic for type {} of queue {}, but: {}; trying again",
                        type,
                        channel.queue(),
                        QueueTopics.cause(failure).getMessage());
                  }
                });
  }

  private boolean isOwn(String name, Channel channel) {
    return topics.isOwn(name, channel.queue(), channel.priority());
  }

  /** The queues that there are, and their priorities. */
  private Map<String, Set<Priority>> shared(Set<String> names) {
    Map<String, Set<Priority>> queues = new HashMap<>();
    for (String name : names) {
      topics
          .queueOfShared(name)
          .ifPresent(
              queue -> {
                for (Priority priority : Priority.values()) {
                  if (name.equals(topics.tasks(queue, priority))) {
                    queues.computeIfAbsent(queue, _ -> new HashSet<>()).add(priority);
                  }
                }
              });
    }
    return queues;
  }
}
