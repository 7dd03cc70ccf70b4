package dev.kanal.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kanal.common.channel.Topics;
import dev.kanal.embedded.EmbeddedKafka;
import dev.kanal.embedded.EmbeddedKafkaConfig;
import dev.kanal.process.kit.Await;
import dev.kanal.process.kit.Crew;
import dev.kanal.process.kit.Program;
import dev.kanal.process.kit.Programs;
import dev.kanal.process.kit.Server;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ShareMemberDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Workers that die or stand still, with share groups as Kafka has them by default: there a silent
 * member keeps its partitions for 45 s, and members learn of theirs every 5 s.
 */
final class DeadWorkerTest {
  private static final Logger log = LoggerFactory.getLogger(DeadWorkerTest.class);
  private static final Duration JOINED = Duration.ofSeconds(90);
  private static final Duration DONE = Duration.ofMinutes(2);

  /** The promised limit. */
  private static final Duration LATEST = Duration.ofSeconds(10);

  private static final String JOB = "{\"type\":\"sleep\",\"payload\":{\"duration\":\"20ms\"}}";
  private static final int JOBS = 400;
  private static final int PARTITIONS = 4;
  private static final Topics TOPICS = new Topics("kanal");

  @TempDir private Path directory;
  @RegisterExtension private final Programs programs = new Programs();
  private EmbeddedKafka kafka;
  private Admin admin;
  private Crew crew;

  @BeforeEach
  void start() throws Exception {
    Path data = directory.resolve("kafka");
    kafka = EmbeddedKafka.start(EmbeddedKafkaConfig.cluster(data, 1).withKafkasShareGroups());
    admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
    crew = Crew.start(programs, directory, kafka.bootstrapServers(), "kanal");
  }

  @AfterEach
  void stop() {
    admin.close();
    kafka.close();
  }

  @Test
  void shouldNotLetJobsWait_whenOneOfTwoWorkersIsKilled() throws Exception {
    Program first = crew.worker("first", "--worker.id=first");
    crew.worker("second", "--worker.id=second");
    awaitMembersOf("first", "second");

    first.kill();

    assertAllStartInTime(submit());
  }

  @Test
  void shouldNotLetJobsWait_whenOneOfTwoWorkersStandsStill() throws Exception {
    Program first = crew.worker("first", "--worker.id=first");
    crew.worker("second", "--worker.id=second");
    awaitMembersOf("first", "second");

    first.freeze();
    List<String> jobs = submit();
    assertAllStartInTime(jobs);
    first.thaw();
    awaitMembersOf("first", "second");

    List<String> more = submit();
    assertAllStartInTime(more);
    jobs.addAll(more);
    assertEquals(List.of(), duplicates(), "what it had fetched before is another's");
    assertTrue(workersOf(jobs).stream().anyMatch(each -> each.startsWith("first")), "it is idle");
  }

  @Test
  void shouldNotLetJobsWait_whenTheOnlyWorkerIsKilledAndStartsAnew() throws Exception {
    Program killed = crew.worker("killed", "--worker.id=same");
    awaitMembersOf("same");
    killed.kill();
    Program fresh = crew.worker("fresh", "--worker.id=same");
    fresh.awaitLine("The worker takes tasks", JOINED);

    assertAllStartInTime(submit());
  }

  /**
   * Lanes that left meanwhile could not report it, and would keep half of the partitions for 45 s.
   */
  @Test
  void shouldNotLetJobsWait_whenKafkaWasAway() throws Exception {
    Program worker = crew.worker("only", "--worker.id=only");
    awaitMembersOf("only");

    kafka.kill(0);
    worker.awaitErrorLine("is out of reach since", JOINED);
    kafka.restart(0);
    worker.awaitErrorLine("is back after", JOINED);
    Await await = new Await(JOINED);
    while (crew.scheduler().submit(JOB).status() != 202) {
      assertTrue(await.again(), "Expected submits to be taken again");
    }

    assertAllStartInTime(submit());
  }

  private List<String> submit() throws Exception {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < JOBS; i++) {
      lines.add(JOB);
    }
    try (var answers = crew.scheduler().bulk(lines)) {
      return new ArrayList<>(
          answers.map(answer -> Server.json(answer).path("id").asText()).toList());
    }
  }

  private void assertAllStartInTime(List<String> ids) throws Exception {
    Set<String> wanted = new HashSet<>(ids);
    Await await = new Await(DONE);
    List<JsonNode> done = List.of();
    while (done.size() < ids.size()) {
      assertTrue(await.again(), "Expected all jobs to succeed");
      done =
          crew.jobs("type=sleep&state=SUCCEEDED").stream()
              .filter(job -> wanted.contains(job.path("id").asText()))
              .toList();
    }
    Duration latest =
        done.stream().map(DeadWorkerTest::delay).max(Duration::compareTo).orElseThrow();
    long late = done.stream().filter(job -> delay(job).toSeconds() >= 2).count();
    log.info(
        "Of {} jobs {} began after 2 s or later, the last after {}", done.size(), late, latest);
    assertTrue(latest.compareTo(LATEST) <= 0, () -> "The last began after " + latest);
    for (JsonNode job : done) {
      assertEquals(1, job.path("attempts").size(), job::toString);
    }
  }

  private static Duration delay(JsonNode job) {
    Instant created = Instant.parse(job.path("createdAt").asText());
    return Duration.between(created, Instant.parse(job.at("/attempts/0/startedAt").asText()));
  }

  /** The lifecycle records of runs that did not count. */
  private List<String> duplicates() throws Exception {
    Map<String, Object> settings =
        Map.of("bootstrap.servers", kafka.bootstrapServers(), "isolation.level", "read_committed");
    try (var consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
      List<TopicPartition> all =
          consumer.partitionsFor(TOPICS.lifecycle()).stream()
              .map(each -> new TopicPartition(each.topic(), each.partition()))
              .toList();
      consumer.assign(all);
      consumer.seekToBeginning(all);
      Map<TopicPartition, Long> ends = consumer.endOffsets(all);
      List<String> found = new ArrayList<>();
      Await await = new Await(JOINED);
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        assertTrue(await.again(), "Expected to read what was reported");
        for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(100))) {
          if (record.value().contains("duplicate-run")) {
            found.add(record.value());
          }
        }
      }
      return found;
    }
  }

  private Set<String> workersOf(List<String> ids) throws Exception {
    Set<String> wanted = new HashSet<>(ids);
    Set<String> workers = new HashSet<>();
    for (JsonNode job : crew.jobs("type=sleep")) {
      if (wanted.contains(job.path("id").asText())) {
        workers.add(job.at("/attempts/0/worker").asText());
      }
    }
    return workers;
  }

  /** Until these workers, and no others, share all partitions. */
  private void awaitMembersOf(String... workers) throws Exception {
    crew.submit(JOB, 1);
    Await await = new Await(JOINED);
    Set<TopicPartition> assigned = new HashSet<>();
    Set<String> names = new HashSet<>();
    while (assigned.size() < PARTITIONS || !names.equals(Set.of(workers))) {
      assertTrue(await.again(), () -> "Expected members of other workers than " + names);
      assigned.clear();
      names.clear();
      for (ShareMemberDescription member : members()) {
        if (!member.assignment().topicPartitions().isEmpty()) {
          names.add(member.clientId().replaceAll("[~-].*", ""));
        }
        assigned.addAll(member.assignment().topicPartitions());
      }
    }
  }

  private List<ShareMemberDescription> members() throws Exception {
    String group = TOPICS.workerGroup("default");
    try {
      var groups = admin.describeShareGroups(List.of(group)).all().get();
      return groups.values().stream().flatMap(each -> each.members().stream()).toList();
    } catch (ExecutionException _) {
      return List.of();
    }
  }
}
