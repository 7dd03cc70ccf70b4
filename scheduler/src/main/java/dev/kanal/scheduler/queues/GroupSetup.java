package dev.kanal.scheduler.queues;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sets up queues' share groups. Usable from any thread; never blocks. */
final class GroupSetup {
  private static final Logger log = LoggerFactory.getLogger(GroupSetup.class);

  /** A group starts at the end of its topics unless it is set otherwise. */
  private static final Map<String, String> NEEDED =
      Map.of("share.auto.offset.reset", "earliest", "share.record.lock.duration.ms", "15000");

  /** Kafka 4.2 does not know it, so it is asked for alone. */
  private static final Map<String, String> WISHED = Map.of("share.delivery.count.limit", "10");

  private final Admin admin;
  private final AtomicBoolean said = new AtomicBoolean();

  GroupSetup(Admin admin) {
    this.admin = admin;
  }

  CompletableFuture<Void> setUp(String group) {
    return set(group, NEEDED)
        .thenCompose(_ -> set(group, WISHED).exceptionallyCompose(this::doWithout));
  }

  private CompletableFuture<Void> set(String group, Map<String, String> settings) {
    var resource = new ConfigResource(ConfigResource.Type.GROUP, group);
    List<AlterConfigOp> changes =
        settings.entrySet().stream()
            .map(each -> new ConfigEntry(each.getKey(), each.getValue()))
            .map(each -> new AlterConfigOp(each, AlterConfigOp.OpType.SET))
            .toList();
    return QueueTopics.future(
        admin.incrementalAlterConfigs(Map.of(resource, changes)).values().get(resource));
  }

  private CompletableFuture<Void> doWithout(Throwable failure) {
    if (!QueueTopics.isAbout(failure, InvalidConfigurationException.class)) {
      return CompletableFuture.failedFuture(QueueTopics.cause(failure));
    }
    if (said.compareAndSet(false, true)) {
      log.info(
          "Queues do without {}, which these brokers refuse: {}",
          WISHED,
          QueueTopics.cause(failure).getMessage());
    }
    return CompletableFuture.completedFuture(null);
  }
}
