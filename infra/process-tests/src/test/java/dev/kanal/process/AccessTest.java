package dev.kanal.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.access.AccessCheck;
import dev.kanal.common.access.Need;
import dev.kanal.common.access.Needs;
import dev.kanal.common.channel.Topics;
import dev.kanal.embedded.EmbeddedKafka;
import dev.kanal.embedded.EmbeddedKafkaConfig;
import dev.kanal.process.kit.Await;
import dev.kanal.process.kit.Console;
import dev.kanal.process.kit.Program;
import dev.kanal.process.kit.Programs;
import dev.kanal.process.kit.Server;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** On a Kafka with authentication: one user per role, allowed exactly what the documents list. */
final class AccessTest {
  private static final Duration START = Duration.ofSeconds(90);
  private static final Duration ANSWER = Duration.ofSeconds(30);
  private static final Topics TOPICS = new Topics("kanal");
  private static final String FRONT = "front-secret";
  private static final String BACK = "back-secret";

  @TempDir private Path directory;
  @RegisterExtension private final Programs programs = new Programs();
  private EmbeddedKafka kafka;
  private Admin admin;

  @BeforeEach
  void start() {
    Map<String, String> users = Map.of("admin", "x", "front", FRONT, "back", BACK);
    Path data = directory.resolve("kafka");
    kafka = EmbeddedKafka.start(EmbeddedKafkaConfig.cluster(data, 1).withUsers(users));
    admin = client("admin");
  }

  @AfterEach
  void stop() {
    admin.close();
    kafka.close();
  }

  @Test
  void shouldDoEverything_withExactlyWhatIsDocumented() throws Exception {
    allow("front", Needs.ofScheduler(TOPICS));
    allow("back", Needs.ofWorker(TOPICS));

    Program first = scheduler();
    Server server = ready(first);
    Program worker = worker();
    worker.awaitLine("The worker takes tasks", START);
    assertTrue(server.submitSumAndWait().expecting(200).isSumOfThree());
    runsInAnotherQueue(server);
    retriesAndCancels(server);
    String waiting =
        server
            .submit("{\"type\":\"echo\",\"delay\":\"1h\"}")
            .expecting(202)
            .json()
            .path("id")
            .asText();
    first.terminate();
    assertEquals(0, first.awaitExit(START), first::printed);

    Program second = scheduler();
    Server again = ready(second);
    assertEquals("SCHEDULED", again.awaitState(waiting, "SCHEDULED", ANSWER));
    assertTrue(again.submitSumAndWait().expecting(200).isSumOfThree());
    for (Program program : List.of(first, second, worker)) {
      assertFalse(program.printed().contains("authoriz"), program::printed);
      assertFalse(program.printed().contains("-secret"), program::printed);
      assertTrue(program.printed().contains("kafka.common.sasl.jaas.config"), program::printed);
    }
  }

  /**
   * A queue created by the API, with more than the usual number of partitions, scheduled into, and
   * deleted.
   */
  private static void runsInAnotherQueue(Server server) throws Exception {
    server.put("/v1/queues/mail", "{\"partitions\":2}").expecting(200);
    String mail = "{\"type\":\"echo\",\"queue\":\"mail\",\"payload\":1}";
    String id = server.submit(mail).expecting(202).json().path("id").asText();
    assertEquals("SUCCEEDED", server.awaitState(id, "SUCCEEDED", ANSWER));
    server.put("/v1/queues/mail", "{\"partitions\":6}").expecting(200);
    server
        .put(
            "/v1/schedules/often",
            "{\"every\":\"1s\",\"job\":{\"type\":\"echo\",\"queue\":\"mail\"}}")
        .expecting(201);
    Await await = new Await(ANSWER);
    while (server.get("/v1/jobs?queue=mail&state=SUCCEEDED").json().path("items").size() < 3) {
      assertTrue(await.again(), "Expected the schedule's jobs to succeed");
    }
    server.delete("/v1/schedules/often").expecting(204);
  }

  private static void retriesAndCancels(Server server) throws Exception {
    String failing = "{\"type\":\"sum\",\"payload\":\"none\",\"retry\":{\"maxAttempts\":2}}";
    String failed = server.submit(failing).expecting(202).json().path("id").asText();
    assertEquals("DEAD", server.awaitState(failed, "DEAD", ANSWER));
    server.post("/v1/jobs/" + failed + "/retry").expecting(200);
    String sleeping = "{\"type\":\"sleep\",\"payload\":{\"duration\":\"60s\"}}";
    String cancelled = server.submit(sleeping).expecting(202).json().path("id").asText();
    assertEquals("RUNNING", server.awaitState(cancelled, "RUNNING", ANSWER));
    server.post("/v1/jobs/" + cancelled + "/cancel").expecting(200);
    assertEquals("CANCELLED", server.awaitState(cancelled, "CANCELLED", ANSWER));
  }

  @Test
  void shouldNotStart_whenSomethingIsNotAllowed() throws Exception {
    List<Need> ofScheduler = Needs.ofScheduler(TOPICS);
    allow("front", ofScheduler);
    allow("back", Needs.ofWorker(TOPICS));
    Program healthy = scheduler();
    ready(healthy).submitSum().expecting(202);
    healthy.terminate();
    assertEquals(0, healthy.awaitExit(START), healthy::printed);

    refuse("front", ofScheduler, need(ofScheduler, TOPICS.log(), AclOperation.WRITE));
    assertSays(complaint(scheduler()), "user front", "WRITE on topic kanal.log");
    List<Need> ofWorker = Needs.ofWorker(TOPICS);
    refuse("back", ofWorker, need(ofWorker, TOPICS.tasksPrefix(), AclOperation.READ));
    assertSays(complaint(worker()), "user back", "READ on topic kanal.tasks.*");
  }

  @Test
  void shouldTell_andGoOnOnceItIsAllowedAgain_whenSomethingIsTakenAway() throws Exception {
    List<Need> needs = Needs.ofScheduler(TOPICS);
    allow("front", needs);
    allow("back", Needs.ofWorker(TOPICS));
    Program program = scheduler();
    Server server = ready(program);
    worker().awaitLine("The worker takes tasks", START);
    Need group = need(needs, TOPICS.engine(), AclOperation.READ);

    refuse("front", needs, group);
    String line = program.awaitErrorLine("Kafka refuses group kanal-engine", ANSWER);
    assertTrue(line.contains("needed is READ on group kanal-engine"), line);
    allow("front", List.of(group));

    Await await = new Await(START);
    while (server.get("/readyz").status() != 200) {
      assertTrue(await.again(), program::printed);
    }
    assertTrue(server.submitSumAndWait().expecting(200).isSumOfThree());
  }

  @Test
  void shouldNotStart_withTheWrongPasswordOrNothingAllowed() throws Exception {
    Program refused = scheduler();
    Map<String, String> wrong = new HashMap<>(settings("back"));
    wrong.computeIfPresent(
        "KANAL_KAFKA_COMMON_SASL_JAAS_CONFIG", (_, jaas) -> jaas.replace(BACK, "wrong"));
    Program unknown = programs.kanal("worker", wrong, "worker");

    assertSays(complaint(refused), "user front", "CREATE on topic kanal.*", "READ on topic");
    assertSays(complaint(unknown), "Authentication failed", "kafka.common");
  }

  private Program scheduler() throws Exception {
    String data = "--data=" + directory.resolve("scheduler");
    return programs.kanal("scheduler", settings("front"), "scheduler", "--http.port=0", data);
  }

  private Program worker() throws Exception {
    return programs.kanal("worker", settings("back"), "worker");
  }

  private static Server ready(Program scheduler) throws Exception {
    return Server.in(scheduler.awaitLine("The scheduler is ready: ", START));
  }

  private Map<String, String> settings(String user) {
    Map<String, String> settings = new HashMap<>();
    settings.put("KANAL_KAFKA_BOOTSTRAP", kafka.bootstrapServers());
    kafka
        .security(user)
        .forEach(
            (key, value) ->
                settings.put(
                    "KANAL_KAFKA_COMMON_" + key.toUpperCase(Locale.ROOT).replace('.', '_'), value));
    return settings;
  }

  private static String complaint(Program program) throws Exception {
    assertEquals(1, program.awaitExit(START), program::printed);
    assertFalse(Console.hasStackTrace(program), program::printed);
    List<String> complaints = Console.complaints(program);
    assertEquals(1, complaints.size(), program::printed);
    return complaints.getFirst();
  }

  private static void assertSays(String complaint, String... parts) {
    for (String part : parts) {
      assertTrue(complaint.contains(part), () -> "Expected '" + part + "' in: " + complaint);
    }
  }

  private static Need need(List<Need> needs, String name, AclOperation operation) {
    return needs.stream()
        .filter(each -> each.name().equals(name) && each.operation() == operation)
        .findFirst()
        .orElseThrow();
  }

  private void allow(String user, List<Need> needs) throws Exception {
    List<AclBinding> all = new ArrayList<>();
    needs.forEach(need -> all.add(need.allowing("User:" + user)));
    var _ = admin.createAcls(all).all().get();
    awaitMissing(user, needs, 0);
  }

  private void refuse(String user, List<Need> needs, Need refused) throws Exception {
    var _ = admin.deleteAcls(List.of(refused.allowing("User:" + user).toFilter())).all().get();
    awaitMissing(user, needs, 1);
  }

  /** The broker learns of a change some milliseconds after the controller has accepted it. */
  private void awaitMissing(String user, List<Need> needs, int count) throws Exception {
    Await await = new Await(ANSWER);
    try (Admin asking = client(user)) {
      while (AccessCheck.missing(asking, needs).size() != count) {
        assertTrue(await.again(), "Expected the broker to learn what is allowed");
      }
    }
  }

  private Admin client(String user) {
    Map<String, Object> settings = new HashMap<>(kafka.security(user));
    settings.put("bootstrap.servers", kafka.bootstrapServers());
    return Admin.create(settings);
  }
}
