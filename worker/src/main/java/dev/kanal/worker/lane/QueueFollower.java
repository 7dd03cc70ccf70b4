package dev.kanal.worker.lane;

import dev.kanal.common.access.AccessCheck;
import dev.kanal.common.access.Need;
import dev.kanal.common.access.Needs;
import dev.kanal.common.access.Refusal;
import dev.kanal.common.channel.Topics;
import dev.kanal.common.job.Priority;
import dev.kanal.worker.control.QueueNotes;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.AuthorizationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps lanes for every queue of this worker whose topics exist and that is not paused. Looks once
 * a second, on one thread. Many new queues get their lanes in turn, some at each look: joining
 * hundreds of groups at once would keep worker and brokers from everything else.
 */
public final class QueueFollower implements Runnable {
  /** Queues beyond this many get no lanes. */
  public static final int QUEUES_MAX = 200;

  /** How many channels get their lanes at one look. */
  static final int OPENED_AT_ONCE = 8;

  /** How long a record is a worker's before the broker gives it to another. */
  static final Duration LOCK = Duration.ofSeconds(15);

  private static final Logger log = LoggerFactory.getLogger(QueueFollower.class);
  private static final long PATIENCE_MS = 10_000;

  private final Admin admin;
  private final Topics topics;
  private final boolean secured;
  private final Set<String> queues;
  private final Set<String> types;
  private final Lanes lanes;
  private final QueueNotes notes;
  private final GroupSettings groups;
  private final Set<String> readyGroups = new HashSet<>();
  private final Set<String> troubles = new HashSet<>();
  private boolean warned;
  private @Nullable String fault;

  /**
   * @param cluster where the queues are
   * @param work for which queues to keep lanes
   * @param notes which queues are paused and have no lanes for now
   */
  public QueueFollower(Cluster cluster, Work work, Lanes lanes, QueueNotes notes) {
    this.admin = cluster.admin;
    this.topics = cluster.topics;
    this.groups = new GroupSettings(cluster.admin);
    this.secured = cluster.secured;
    this.queues = work.queues;
    this.types = work.types;
    this.lanes = lanes;
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
   * @param secured whether it requires authentication, and may refuse
   */
  public record Cluster(Admin admin, Topics topics, boolean secured) {}

  /** One look; never throws. */
  @Override
  public void run() {
    try {
      follow(admin.listTopics().names().get(PATIENCE_MS, TimeUnit.MILLISECONDS));
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

  private void follow(Set<String> names)
      throws InterruptedException, ExecutionException, TimeoutException {
    if (!names.contains(topics.log()) || !notes.known()) {
      return;
    }
    Set<Channel> wanted = new HashSet<>();
    Set<String> taken = new TreeSet<>();
    for (String queue : new TreeSet<>(queuesOf(names))) {
      if (taken.size() < QUEUES_MAX || lanesExist(queue)) {
        taken.add(queue);
        wanted.addAll(channelsOf(queue, names));
      } else if (!warned) {
        warned = true;
        log.warn("There are more than {} queues; {} and others wait", QUEUES_MAX, queue);
      }
    }
    for (Channel channel : lanes.channels()) {
      if (wanted.remove(channel)) {
        lanes.open(channel, ownTopics(channel, names));
      } else {
        log.info("{} has no lanes now: it is gone or paused", channel);
        lanes.close(channel);
      }
    }
    for (Channel channel : wanted.stream().limit(OPENED_AT_ONCE).toList()) {
      if (readyGroups.contains(channel.queue()) || prepareGroup(channel.queue())) {
        lanes.open(channel, ownTopics(channel, names));
      }
    }
  }

  private boolean lanesExist(String queue) {
    return lanes.channels().stream().anyMatch(channel -> channel.queue().equals(queue));
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

  /** Before the first member joins: where a group begins is decided then. */
  private boolean prepareGroup(String queue)
      throws InterruptedException, ExecutionException, TimeoutException {
    if (secured) {
      checkAccess();
    }
    for (String trouble : groups.prepare(topics.workerGroup(queue))) {
      if (troubles.add(trouble)) {
        log.warn("{}", trouble);
      }
    }
    return readyGroups.add(queue);
  }
}
