package dev.kanal.worker.lane;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
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
   * lock is short, since nothing stays unsettled for long; the broker gives up on a record as late
   * as it can be set to.
   */
  private static final Map<String, String> NEEDED =
      Map.of(
          "share.auto.offset.reset", "earliest",
          "share.record.lock.duration.ms", Long.toString(QueueFollower.LOCK.toMillis()),
          "share.delivery.count.limit", "10");

  /** With a longer interval the others learn too late what a dead worker leaves to them. */
  private static final List<Bound> BOUNDS =
      List.of(
          new Bound("share.heartbeat.interval.ms", 5_000, "group.share.min.heartbeat.interval.ms"),
          new Bound("share.assignment.interval.ms", 0, "group.share.min.assignment.interval.ms"));

  private record Bound(String setting, long atMost, String forbiddenBy) {}

  /**
   * Makes the settings that are needed.
   *
   * @return what the brokers do not allow, and its effect
   */
  List<String> prepare(String name)
      throws InterruptedException, ExecutionException, TimeoutException {
    ConfigResource group = new ConfigResource(ConfigResource.Type.GROUP, name);
    set(group, NEEDED);
    List<String> troubles = new ArrayList<>();
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
    List<AlterConfigOp> changes =
        settings.entrySet().stream()
            .map(entry -> new ConfigEntry(entry.getKey(), entry.getValue()))
            .map(entry -> new AlterConfigOp(entry, AlterConfigOp.OpType.SET))
            .toList();
    var _ =
        admin
            .incrementalAlterConfigs(Map.of(group, changes))
            .all()
            .get(PATIENCE_MS, TimeUnit.MILLISECONDS);
  }
}
