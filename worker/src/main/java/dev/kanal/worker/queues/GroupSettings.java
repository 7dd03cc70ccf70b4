package dev.kanal.worker.queues;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The settings of a queue's share group: those that it must have, and, as far as the brokers allow,
 * those that keep the wait for a dead worker short.
 *
 * @param admin of the cluster
 */
record GroupSettings(Admin admin) {
  private static final Logger log = LoggerFactory.getLogger(GroupSettings.class);
  private static final long PATIENCE_MS = 10_000;

  /**
   * What the scheduler also sets when it makes a queue: a new group begins at the first record; the
   * lock is short, since nothing stays unsettled for long.
   */
  private static final Map<String, String> NEEDED =
      Map.of(
          "share.auto.offset.reset",
          "earliest",
          "share.record.lock.duration.ms",
          Long.toString(QueueFollower.LOCK.toMillis()));

  /**
   * The broker gives up on a record as late as it can be set to. Kafka 4.2 does not know the
   * setting, so it is asked for alone, and can be done without: the scheduler sends such a task
   * again.
   */
  private static final Map<String, String> WISHED = Map.of("share.delivery.count.limit", "10");

  /** With a longer interval the others learn too late what a dead worker leaves to them. */
  private static final List<Bound> BOUNDS =
      List.of(
          new Bound("share.heartbeat.interval.ms", 5_000, "group.share.min.heartbeat.interval.ms"),
          new Bound("share.assignment.interval.ms", 0, "group.share.min.assignment.interval.ms"));

  private record Bound(String setting, long atMost, String forbiddenBy) {}

  /**
   * Makes the settings of many groups, with two requests.
   *
   * @return those groups that have what is needed and wished; of each other one {@link #prepare}
   *     finds out what is the matter
   */
  Set<String> prepareAll(Collection<String> names)
      throws InterruptedException, ExecutionException, TimeoutException {
    Map<String, String> settings = new HashMap<>(NEEDED);
    settings.putAll(WISHED);
    Map<ConfigResource, Collection<AlterConfigOp>> changes = new HashMap<>();
    names.forEach(name -> changes.put(group(name), changes(settings)));
    Set<ConfigResource> changed = new HashSet<>();
    for (var each : admin.incrementalAlterConfigs(changes).values().entrySet()) {
      if (isDone(each.getValue())) {
        changed.add(each.getKey());
      }
    }
    Set<String> ready = new HashSet<>();
    for (var each : admin.describeConfigs(changed).values().entrySet()) {
      if (isDone(each.getValue()) && isWithinBounds(each.getValue().get())) {
        ready.add(each.getKey().name());
      }
    }
    return ready;
  }

  private static boolean isDone(KafkaFuture<?> asked)
      throws InterruptedException, TimeoutException {
    try {
      var _ = asked.get(PATIENCE_MS, TimeUnit.MILLISECONDS);
      return true;
    } catch (ExecutionException e) {
      log.debug("A group's settings are not as they are to be yet", e);
      return false;
    }
  }

  private static boolean isWithinBounds(Config known) {
    return BOUNDS.stream()
        .allMatch(
            bound -> {
              ConfigEntry entry = known.get(bound.setting);
              return entry == null || Long.parseLong(entry.value()) <= bound.atMost;
            });
  }

  /**
   * Makes the settings that are needed.
   *
   * @return what the brokers do not allow, and its effect
   */
  List<String> prepare(String name)
      throws InterruptedException, ExecutionException, TimeoutException {
    ConfigResource group = group(name);
    set(group, NEEDED);
    List<String> troubles = new ArrayList<>();
    wish(group, troubles);
    Config known;
    try {
      known =
          requireNonNull(
              admin
                  .describeConfigs(List.of(group))
                  .all()
                  .get(PATIENCE_MS, TimeUnit.MILLISECONDS)
                  .get(group));
    } catch (ExecutionException e) {
      log.debug("The settings of {} are not known", name, e);
      return troubles;
    }
    for (Bound bound : BOUNDS) {
      ConfigEntry entry = known.get(bound.setting);
      if (entry != null && Long.parseLong(entry.value()) > bound.atMost) {
        lower(group, bound, entry.value(), troubles);
      }
    }
    return troubles;
  }

  private void wish(ConfigResource group, List<String> troubles)
      throws InterruptedException, ExecutionException, TimeoutException {
    try {
      set(group, WISHED);
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof InvalidConfigurationException refusal)) {
        throw e;
      }
      troubles.add(
          "A task that is lost with its worker again and again is given up by the brokers earlier, and sent again by the scheduler: expected %s, but they refuse it: %s"
              .formatted(WISHED, refusal.getMessage()));
    }
  }

  private void lower(ConfigResource group, Bound bound, String now, List<String> troubles)
      throws InterruptedException, ExecutionException, TimeoutException {
    try {
      set(group, Map.of(bound.setting, Long.toString(bound.atMost)));
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof InvalidConfigurationException)) {
        throw e;
      }
      troubles.add(
          "Tasks may wait for more than 10 s for a worker that died: expected %s of %d or less, but it is %s, and the brokers' %s forbids less"
              .formatted(bound.setting, bound.atMost, now, bound.forbiddenBy));
    }
  }

  private void set(ConfigResource group, Map<String, String> settings)
      throws InterruptedException, ExecutionException, TimeoutException {
    var _ =
        admin
            .incrementalAlterConfigs(Map.of(group, changes(settings)))
            .all()
            .get(PATIENCE_MS, TimeUnit.MILLISECONDS);
  }

  private static ConfigResource group(String name) {
    return new ConfigResource(ConfigResource.Type.GROUP, name);
  }

  private static List<AlterConfigOp> changes(Map<String, String> settings) {
    return settings.entrySet().stream()
        .map(entry -> new ConfigEntry(entry.getKey(), entry.getValue()))
        .map(entry -> new AlterConfigOp(entry, AlterConfigOp.OpType.SET))
        .toList();
  }
}
