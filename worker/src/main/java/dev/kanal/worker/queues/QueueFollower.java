package dev.kanal.worker.queues;

import dev.kanal.common.access.AccessCheck;
import dev.kanal.common.access.Need;
import dev.kanal.common.access.Needs;
import dev.kanal.common.access.Refusal;
import dev.kanal.common.channel.Channel;
import dev.kanal.common.channel.GroupAdmin;
import dev.kanal.common.channel.Topics;
import dev.kanal.common.clock.Ticker;
import dev.kanal.common.job.Priority;
import dev.kanal.worker.control.QueueNotes;
import dev.kanal.worker.lane.Lanes;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicListing;
import org.apache.kafka.common.errors.AuthorizationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the queues of this worker: those whose topics exist and that are not paused. Which of them
 * have lanes is for {@link LanesOnDemand} to say. Looks on one thread.
 */
public final class QueueFollower implements AutoCloseable {
  /** How long a record is a worker's before the broker gives it to another. */
  static final Duration LOCK = Duration.ofSeconds(15);

  private static final Logger log = LoggerFactory.getLogger(QueueFollower.class);
  private static final long PATIENCE_MS = 10_000;

  /** From one look to the next, as long as a look is short. */
  private static final Duration EVERY = Duration.ofSeconds(1);

  private static final Duration EVERY_MOST = Duration.ofSeconds(5);

  /** While a channel waits for its lanes. */
  private static final Duration EVERY_LEAST = Duration.ofMillis(100);

  /** A look at thousands of topics takes its time: at most a twentieth part of all. */
  private static final int PART = 20;

  private final Admin admin;
  private final Admin groupAdmin;
  private final Topics topics;
  private final boolean secured;
  private final Set<String> queues;
  private final Set<String> types;
  private final LanesOnDemand lanes;
  private final TopicIds ids;
  private final QueueNotes notes;
  private final Ticker ticker;
  private final GroupSettings groups;
  private final Set<String> readyGroups = ConcurrentHashMap.newKeySet();
  private final Set<String> troubles = ConcurrentHashMap.newKeySet();
  private volatile boolean draining;
  private @Nullable String fault;

  /**
   * @param cluster where the queues are
   * @param work for which queues to keep lanes
   * @param notes which queues are paused and have no lanes for now
   */
  public QueueFollower(Cluster cluster, Work work, Lanes lanes, QueueNotes notes) {
    this.admin = cluster.admin;
    this.topics = cluster.topics;
    this.ticker = cluster.ticker;
    this.groups = new GroupSettings(cluster.admin);
    this.secured = AccessCheck.isSecured(cluster.kafka);
    this.queues = work.queues;
    this.types = work.types;
    this.groupAdmin = GroupAdmin.open(cluster.kafka);
    this.lanes =
        new LanesOnDemand(
            lanes,
            new Preparation(),
            new TaskOffsets(cluster.admin, groupAdmin, cluster.topics),
            new LanesOnDemand.Watching(cluster.kafka, cluster.name, cluster.ticker),
            OnDemand.DEFAULT);
    this.ids = new TopicIds(cluster.topics);
    this.notes = notes;
  }

  /**
   * The queues and types that the worker takes.
   *
   * @param queues all queues if empty
   * @param types of which it has handlers
   */
  public record Work(Set<String> queues, Set<String> types) {
    public Work {
      queues = Set.copyOf(queues);
      types = Set.copyOf(types);
    }
  }

  /**
   * The cluster with the queues.
   *
   * @param kafka settings of clients
   * @param name of the worker
   */
  public record Cluster(
      Admin admin, Topics topics, Map<String, Object> kafka, String name, Ticker ticker) {}

  /** Begins to watch channels that need no lanes. */
  public void start() {
    lanes.start();
  }

  /** From its next look on it follows and watches nothing. By any thread; does not wait. */
  public void drain() {
    draining = true;
  }

  @Override
  public void close() {
    lanes.close();
    groupAdmin.close(Duration.ZERO);
  }

  /**
   * One look; never throws.
   *
   * @return how long it is to the next
   */
  public Duration look() {
    if (draining) {
      lanes.close();
      return EVERY_MOST;
    }
    long begun = ticker.nanos();
    run();
    Duration took = Duration.ofNanos(ticker.nanos() - begun);
    return lanes.isWaitedFor()
        ? within(took, EVERY_LEAST, EVERY)
        : within(took.multipliedBy(PART), EVERY, EVERY_MOST);
  }

  private static Duration within(Duration pause, Duration least, Duration most) {
    return pause.compareTo(least) < 0 ? least : pause.compareTo(most) > 0 ? most : pause;
  }

  private void run() {
    try {
      follow(admin.listTopics().namesToListings().get(PATIENCE_MS, TimeUnit.MILLISECONDS));
      fault = null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException | RuntimeException e) {
      String now = Refusal.in(e, Needs.ofWorker(topics)).orElseGet(e::toString);
      if (!now.equals(fault)) {
        log.warn("The queues could not be looked at and will be again: {}", now);
        fault = now;
      }
    }
  }

  private void follow(Map<String, TopicListing> listed)
      throws InterruptedException, ExecutionException, TimeoutException {
    Set<String> names = listed.keySet();
    if (!names.contains(topics.log()) || !notes.known()) {
      return;
    }
    Map<Channel, Set<String>> wanted = new HashMap<>();
    for (String queue : queuesOf(names)) {
      for (Channel channel : channelsOf(queue, names)) {
        wanted.put(channel, ownTopics(channel, names));
      }
    }
    lanes.madeAgain(ids.madeAgain(wanted, listed));
    lanes.follow(wanted);
  }

  private Set<String> queuesOf(Set<String> names) {
    Set<String> found = new HashSet<>();
    for (String name : names) {
      topics
          .queueOfShared(name)
          .filter(queue -> queues.isEmpty() || queues.contains(queue))
          .filter(queue -> !notes.isPaused(queue))
          .ifPresent(found::add);
    }
    return found;
  }

  private List<Channel> channelsOf(String queue, Set<String> names) {
    return List.of(Priority.values()).stream()
        .filter(priority -> names.contains(topics.tasks(queue, priority)))
        .map(priority -> new Channel(queue, priority))
        .toList();
  }

  /** The existing topics of this worker's types. */
  private Set<String> ownTopics(Channel channel, Set<String> names) {
    Set<String> own = new HashSet<>();
    for (String type : types) {
      String topic = topics.own(channel.queue(), channel.priority(), type);
      if (names.contains(topic)) {
        own.add(topic);
      }
    }
    return own;
  }

  /** Missing permissions on queues' topics can be found only once one exists. */
  private void checkAccess() throws InterruptedException, ExecutionException, TimeoutException {
    List<Need> missing = AccessCheck.missing(admin, Needs.ofWorker(topics));
    if (!missing.isEmpty()) {
      throw new AuthorizationException(Refusal.of(missing, Map.of()));
    }
  }

  /** Before the first member joins: where a group begins is decided then. By any thread. */
  private final class Preparation implements LanesOnDemand.Groups {
    @Override
    public void prepare(String queue)
        throws InterruptedException, ExecutionException, TimeoutException {
      if (readyGroups.contains(queue)) {
        return;
      }
      if (secured) {
        checkAccess();
      }
      for (String trouble : groups.prepare(topics.workerGroup(queue))) {
        if (troubles.add(trouble)) {
          log.warn("{}", trouble);
        }
      }
      readyGroups.add(queue);
    }

    @Override
    public void prepareAll(Collection<String> queues)
        throws InterruptedException, ExecutionException, TimeoutException {
      Map<String, String> byGroup = new HashMap<>();
      queues.stream()
          .filter(queue -> !readyGroups.contains(queue))
          .forEach(queue -> byGroup.put(topics.workerGroup(queue), queue));
      if (byGroup.size() > 1) {
        if (secured) {
          checkAccess();
        }
        groups.prepareAll(byGroup.keySet()).forEach(group -> readyGroups.add(byGroup.get(group)));
      }
    }
  }
}
