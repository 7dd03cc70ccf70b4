package dev.kanal.worker.queues;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.clock.Clocks;
import dev.kanal.common.clock.Ticker;
import dev.kanal.embedded.EmbeddedKafka;
import dev.kanal.embedded.EmbeddedKafkaConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GroupSettingsTest {
  private static final String HEARTBEAT = "share.heartbeat.interval.ms";
  private static final String ASSIGNMENT = "share.assignment.interval.ms";

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir private Path directory;

  @Test
  void shouldHaveNothingToSay_withKafkasOwnDefaults() throws Exception {
    try (var kafka = EmbeddedKafka.start(config().withKafkasShareGroups());
        var admin = admin(kafka)) {
      assertEquals(List.of(), new GroupSettings(admin).prepare("g"));
      awaitSetting(admin, "share.record.lock.duration.ms", "15000");
      awaitSetting(admin, HEARTBEAT, "5000");
      awaitSetting(admin, ASSIGNMENT, "0");
    }
  }

  @Test
  void shouldPrepareManyAtOnce_butNoneThatHasToBeLookedAtByItself() throws Exception {
    EmbeddedKafkaConfig slow =
        config()
            .withKafkasShareGroups()
            .withBrokerSetting("group.share.assignment.interval.ms", "7000");
    try (var kafka = EmbeddedKafka.start(slow);
        var admin = admin(kafka)) {
      GroupSettings settings = new GroupSettings(admin);
      assertEquals(List.of(), settings.prepare("g"));
      awaitSetting(admin, ASSIGNMENT, "0");

      assertEquals(Set.of("g"), settings.prepareAll(Set.of("g", "new")));

      awaitSetting(admin, "new", "share.record.lock.duration.ms", "15000");
      awaitSetting(admin, "new", ASSIGNMENT, "7000");
    }
  }

  @Test
  void shouldLowerWhatMayBeLowered_andNameWhatForbidsTheRest() throws Exception {
    EmbeddedKafkaConfig slow =
        config()
            .withKafkasShareGroups()
            .withBrokerSetting("group.share.min.heartbeat.interval.ms", "9000")
            .withBrokerSetting("group.share.heartbeat.interval.ms", "9000")
            .withBrokerSetting("group.share.assignment.interval.ms", "7000");
    try (var kafka = EmbeddedKafka.start(slow);
        var admin = admin(kafka)) {
      List<String> troubles = new GroupSettings(admin).prepare("g");

      assertEquals(
          List.of(
              "Tasks may wait for more than 10 s for a worker that died: expected "
                  + HEARTBEAT
                  + " of 5000 or less, but it is 9000, and the brokers'"
                  + " group.share.min.heartbeat.interval.ms forbids less"),
          troubles);
      awaitSetting(admin, ASSIGNMENT, "0");
    }
  }

  /** So do brokers of Kafka 4.2, which do not know the setting. */
  @Test
  void shouldSetTheRest_whenBrokersRefuseTheLimitOfDeliveries() throws Exception {
    EmbeddedKafkaConfig strict =
        config()
            .withKafkasShareGroups()
            .withBrokerSetting("group.share.delivery.count.limit", "5")
            .withBrokerSetting("group.share.max.delivery.count.limit", "7");
    try (var kafka = EmbeddedKafka.start(strict);
        var admin = admin(kafka)) {
      List<String> troubles = new GroupSettings(admin).prepare("g");

      assertEquals(1, troubles.size(), troubles::toString);
      String said = "expected {share.delivery.count.limit=10}, but they refuse it";
      assertTrue(troubles.getFirst().contains(said), troubles::toString);
      awaitSetting(admin, "share.auto.offset.reset", "earliest");
      awaitSetting(admin, "share.record.lock.duration.ms", "15000");
    }
  }

  private EmbeddedKafkaConfig config() {
    return EmbeddedKafkaConfig.cluster(directory, 1);
  }

  private static Admin admin(EmbeddedKafka kafka) {
    return Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
  }

  /** A broker learns of a change a moment after the controller has taken it. */
  private static void awaitSetting(Admin admin, String setting, String value) throws Exception {
    awaitSetting(admin, "g", setting, value);
  }

  private static void awaitSetting(Admin admin, String group, String name, String value)
      throws Exception {
    Ticker ticker = Clocks.system().ticker();
    long deadline = ticker.nanos() + PATIENCE.toNanos();
    String found;
    do {
      found = setting(admin, group, name);
    } while (!found.equals(value) && ticker.nanos() - deadline < 0);
    assertEquals(value, found, name);
  }

  private static String setting(Admin admin, String group, String name) throws Exception {
    var asked = new ConfigResource(ConfigResource.Type.GROUP, group);
    var all = admin.describeConfigs(List.of(asked)).all().get();
    return Objects.requireNonNull(all.get(asked)).get(name).value();
  }
}
