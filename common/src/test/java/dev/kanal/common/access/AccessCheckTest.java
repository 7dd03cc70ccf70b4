package dev.kanal.common.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.channel.Topics;
import dev.kanal.common.clock.Clocks;
import dev.kanal.common.job.Priority;
import dev.kanal.embedded.EmbeddedKafka;
import dev.kanal.embedded.EmbeddedKafkaConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a broker with authentication that allows what is listed. */
final class AccessCheckTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration PAUSE = Duration.ofMillis(20);
  private static final Topics TOPICS = new Topics("kanal");
  private static final String PRINCIPAL = "User:somebody";

  @TempDir private static Path directory;
  private static EmbeddedKafka kafka;
  private static Admin admin;
  private static Admin somebody;

  @BeforeAll
  static void start() throws Exception {
    Map<String, String> users = Map.of("admin", "a-secret", "somebody", "another");
    kafka = EmbeddedKafka.start(EmbeddedKafkaConfig.cluster(directory, 1).withUsers(users));
    admin = client("admin");
    somebody = client("somebody");
    List<NewTopic> topics = new ArrayList<>();
    for (String name :
        List.of(
            TOPICS.log(),
            TOPICS.control(),
            TOPICS.queues(),
            TOPICS.workers(),
            TOPICS.lifecycle(),
            TOPICS.quarantine(),
            TOPICS.tasks("default", Priority.NORMAL),
            TOPICS.engine() + "-state-changelog")) {
      topics.add(new NewTopic(name, Optional.of(1), Optional.empty()));
    }
    var _ = admin.createTopics(topics).all().get();
  }

  @AfterAll
  static void stop() {
    somebody.close();
    admin.close();
    kafka.close();
  }

  @Test
  void shouldMissExactlyWhatIsNotAllowed_asScheduler() throws Exception {
    missesExactlyWhatIsNotAllowed(Needs.ofScheduler(TOPICS));
  }

  @Test
  void shouldMissExactlyWhatIsNotAllowed_asWorker() throws Exception {
    missesExactlyWhatIsNotAllowed(Needs.ofWorker(TOPICS));
  }

  @Test
  void shouldMissNothing_whereNobodyIsAsked(@TempDir Path other) throws Exception {
    try (EmbeddedKafka open = EmbeddedKafka.cluster(1, other);
        Admin anybody = Admin.create(Map.of("bootstrap.servers", open.bootstrapServers()))) {
      assertEquals(List.of(), AccessCheck.missing(anybody, Needs.ofBoth(TOPICS)));
    }
  }

  private static void missesExactlyWhatIsNotAllowed(List<Need> needs) throws Exception {
    var _ = admin.deleteAcls(List.of(AclBindingFilter.ANY)).all().get();
    awaitMissing(needs, needs);
    List<AclBinding> all = needs.stream().map(need -> need.allowing(PRINCIPAL)).toList();
    var _ = admin.createAcls(all).all().get();
    awaitMissing(needs, List.of());
    for (Need need : needs) {
      AclBinding binding = need.allowing(PRINCIPAL);
      var _ = admin.deleteAcls(List.of(binding.toFilter())).all().get();
      awaitMissing(needs, List.of(need));
      String explained = Refusal.of(List.of(need), kafka.security("somebody"));
      assertTrue(explained.contains("user somebody") && explained.contains(need.text()), explained);
      var _ = admin.createAcls(List.of(binding)).all().get();
      awaitMissing(needs, List.of());
    }
  }

  /** The broker learns of a change some milliseconds after the controller has accepted it. */
  private static void awaitMissing(List<Need> needs, List<Need> expected) throws Exception {
    long end = Clocks.system().ticker().nanos() + PATIENCE.toNanos();
    List<Need> missing = AccessCheck.missing(somebody, needs);
    while (!missing.equals(expected) && Clocks.system().ticker().nanos() < end) {
      LockSupport.parkNanos(PAUSE.toNanos());
      missing = AccessCheck.missing(somebody, needs);
    }
    assertEquals(expected, missing);
  }

  private static Admin client(String user) {
    Map<String, Object> settings = new HashMap<>(kafka.security(user));
    settings.put("bootstrap.servers", kafka.bootstrapServers());
    return Admin.create(settings);
  }
}
