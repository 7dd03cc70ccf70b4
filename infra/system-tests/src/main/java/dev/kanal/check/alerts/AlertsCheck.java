package dev.kanal.check.alerts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kanal.check.cluster.Cluster;
import dev.kanal.check.load.Submitter;
import dev.kanal.check.promise.Verdict;
import dev.kanal.check.server.Api;
import dev.kanal.check.server.CheckStopped;
import dev.kanal.check.server.Console;
import dev.kanal.check.server.Pause;
import dev.kanal.check.server.Session;
import java.time.Duration;
import java.util.List;

/** One run of the check: fault after fault. Used once. */
final class AlertsCheck {
  /** The queue that the worker takes at first. */
  static final String TAKEN = "default";

  /** A queue that no worker takes until the end. */
  private static final String NOT_TAKEN = "alerts-check";

  private static final String TASKS = "kanal.tasks.default.normal";
  private static final String ENGINE = "kanal-engine";

  private static final int MANY = 250_000;
  private static final int CHUNK_LINES = 500;
  private static final int SUBMITTERS = 2;

  /**
   * The bytes that a thread of the engine may read in a second: very few, but some of each shard.
   */
  private static final double HARDLY_BYTES = 20_000;

  private static final double SLOW_BYTES = 100_000;
  private static final int SLEEPERS = 20;
  private static final Duration SLEEP = Duration.ofSeconds(6);

  /** What rules compare ages with, which is not divided. */
  private static final Duration AGE = Duration.ofMinutes(5);

  /** How soon processes and metrics show the present state, on a busy machine. */
  private static final Duration NOTICE = Duration.ofMinutes(2);

  /** The engine's watch confirms it by four looks, a quarter of a minute apart. */
  private static final Duration RESCUE = Duration.ofMinutes(4);

  private static final Duration WORKED_OFF = Duration.ofMinutes(5);

  private final ObjectMapper json = new ObjectMapper();
  private final Scene scene;
  private final Watch watch;
  private final int faster;
  private final Console console;
  private final Api api;

  /** The targets of the faults. */
  record Scene(Cluster cluster, Session session, Brokers brokers, WorkerFile worker) {}

  AlertsCheck(Scene scene, Watch watch, int faster) {
    this.scene = scene;
    this.watch = watch;
    this.faster = faster;
    this.console = scene.session.console();
    this.api = new Api(scene.session.servers());
  }

  Verdict run(List<String> rules) throws InterruptedException {
    long begun = System.nanoTime();
    settle();
    watch.quiet("before any fault");
    long lost = workerKilled();
    long held = notTaken();
    jobs();
    watch.fires(RESCUE, "the task of a job is deleted from its topic", lost, "KanalTasksRescued");
    long rescued = System.nanoTime();
    kafkaKilled();
    slowAndStalled();
    schedulersKilled();
    taken(held);
    watch.over(
        lasting(Duration.ofHours(1)).plus(NOTICE),
        "it was sent anew",
        rescued,
        "KanalTasksRescued");
    watch.quiet("at the end");
    console.say("took " + Console.time(since(begun)));
    Verdict verdict = watch.verdict(rules);
    verdict.table().forEach(console::say);
    console.say(verdict.conclusion());
    return verdict;
  }

  /** Until every process was scraped, and a job has run. */
  private void settle() throws InterruptedException {
    awaitState(submit(job("echo", TAKEN)), "SUCCEEDED");
    Pause.real().of(lasting(Duration.ofMinutes(2)));
  }

  private long workerKilled() throws InterruptedException {
    long since = System.nanoTime();
    scene.cluster.killWorker(0);
    String id = submit(job("echo", TAKEN));
    awaitState(id, "QUEUED");
    Pause.real().of(Duration.ofSeconds(2));
    long deleted = scene.brokers.empty(TASKS);
    console.say("deleted " + deleted + " records of " + TASKS);
    watch.fires(
        lasting(Duration.ofMinutes(1)).plus(NOTICE),
        "the only worker is killed, and a job waits",
        since,
        "KanalNoWorkers");
    since = System.nanoTime();
    scene.cluster.startWorker(0);
    watch.over(NOTICE, "the worker is started", since, "KanalNoWorkers");
    return since;
  }

  private long notTaken() throws InterruptedException {
    long since = System.nanoTime();
    var _ = submit(job("echo", NOT_TAKEN).put("key", "k"));
    String second = submit(job("echo", NOT_TAKEN).put("key", "k"));
    awaitState(second, "BLOCKED");
    watch.fires(
        lasting(Duration.ofMinutes(2)).plus(NOTICE),
        "two jobs of one key on a queue that no worker takes",
        since,
        "KanalQueueNoWorker");
    return since;
  }

  private void jobs() throws InterruptedException {
    long since = System.nanoTime();
    ObjectNode bad = job("sum", TAKEN);
    bad.putObject("payload").put("data", "none");
    awaitState(submit(bad), "DEAD");
    String unhandled = submit(job("nobody-runs-this", TAKEN));
    awaitState(unhandled, "BLOCKED");
    watch.fires(NOTICE, "a job fails for good", since, "KanalJobsDead");
    watch.fires(
        lasting(Duration.ofMinutes(5)).plus(NOTICE),
        "a job of a type that no worker has",
        since,
        "KanalTypeUnhandled");
    since = System.nanoTime();
    var _ = api.post("/v1/jobs/" + unhandled + "/cancel", null).expectSuccess();
    watch.over(NOTICE, "it is cancelled", since, "KanalTypeUnhandled");
    watch.over(
        lasting(Duration.ofMinutes(10)).plus(NOTICE), "no more jobs die", since, "KanalJobsDead");
  }

  private void kafkaKilled() throws InterruptedException {
    for (int job = 0; job < SLEEPERS; job++) {
      ObjectNode sleeper = job("sleep", TAKEN);
      sleeper.putObject("payload").put("duration", SLEEP.toString());
      String id = submit(sleeper);
      if (job == SLEEPERS - 1) {
        awaitState(id, "RUNNING");
      }
    }
    long since = System.nanoTime();
    scene.cluster.killKafka();
    watch.fires(
        lasting(Duration.ofSeconds(30)).plus(NOTICE),
        "Kafka is killed while jobs run",
        since,
        "KanalKafkaAway",
        "KanalWorkerStalled");
    since = System.nanoTime();
    scene.cluster.startKafka();
    watch.over(NOTICE, "Kafka listens again", since, "KanalKafkaAway", "KanalWorkerStalled");
  }

  private void slowAndStalled() throws InterruptedException {
    scene.cluster.awaitShards();
    scene.brokers.slow(ENGINE, HARDLY_BYTES);
    long since = System.nanoTime();
    int taken =
        new Submitter(scene.session, new ManyJobs(MANY, TAKEN), CHUNK_LINES)
            .run(SUBMITTERS)
            .accepted()
            .size();
    String slow = Console.count(taken) + " jobs come, and the engine may read little of Kafka";
    watch.fires(lasting(Duration.ofMinutes(5)).plus(NOTICE), slow, since, "KanalEngineBehind");
    watch.fires(lasting(Duration.ofMinutes(10)).plus(NOTICE), slow, since, "KanalTimersLate");
    watch.awaitNone("KanalShardsBehind");
    since = System.nanoTime();
    scene.cluster.killScheduler(1);
    watch.fires(
        lasting(Duration.ofMinutes(1)).plus(NOTICE),
        "the same, and a scheduler is killed",
        since,
        "KanalShardsBehind");
    scene.brokers.slow(ENGINE, SLOW_BYTES);
    watch.awaitNone("KanalEngineStalled");
    since = System.nanoTime();
    scene.cluster.killKafka();
    watch.fires(
        lasting(Duration.ofMinutes(3)).plus(NOTICE),
        "the same, and Kafka is killed",
        since,
        "KanalEngineStalled");
    since = System.nanoTime();
    scene.cluster.startKafka();
    scene.brokers.hurry();
    scene.cluster.startScheduler(1);
    watch.over(
        WORKED_OFF.plus(lasting(Duration.ofMinutes(5))),
        "all is back, and fast",
        since,
        "KanalEngineStalled",
        "KanalShardsBehind",
        "KanalEngineBehind",
        "KanalTimersLate");
  }

  private void schedulersKilled() throws InterruptedException {
    scene.cluster.awaitShards();
    long since = System.nanoTime();
    scene.cluster.killScheduler(0);
    scene.cluster.killScheduler(1);
    watch.fires(
        lasting(Duration.ofMinutes(1)).plus(NOTICE),
        "both schedulers are killed",
        since,
        "KanalEngineAway");
    since = System.nanoTime();
    scene.cluster.startScheduler(0);
    scene.cluster.startScheduler(1);
    watch.over(NOTICE, "they are started", since, "KanalEngineAway");
    scene.cluster.awaitShards();
  }

  private void taken(long held) throws InterruptedException {
    watch.fires(
        AGE.plus(lasting(Duration.ofMinutes(2))).plus(NOTICE),
        "two jobs of one key on a queue that no worker takes",
        held,
        "KanalQueueWaits",
        "KanalQueueBlocked");
    scene.worker.takes("*");
    long since = System.nanoTime();
    scene.cluster.killWorker(0);
    scene.cluster.startWorker(0);
    watch.over(
        NOTICE,
        "the worker takes the queue",
        since,
        "KanalQueueWaits",
        "KanalQueueBlocked",
        "KanalQueueNoWorker");
  }

  /** A duration of the rules, as divided. */
  private Duration lasting(Duration inRules) {
    return inRules.dividedBy(faster);
  }

  private ObjectNode job(String type, String queue) {
    return json.createObjectNode().put("type", type).put("queue", queue);
  }

  private String submit(JsonNode job) throws InterruptedException {
    return api.post("/v1/jobs", job).expectSuccess().path("id").asText();
  }

  private void awaitState(String id, String wanted) throws InterruptedException {
    long begun = System.nanoTime();
    String state;
    do {
      state = api.get("/v1/jobs/" + id).expectSuccess().path("state").asText();
      if (state.equals(wanted)) {
        return;
      }
      Pause.real().of(Duration.ofMillis(100));
    } while (since(begun).compareTo(NOTICE) < 0);
    throw new CheckStopped("Expected job %s to be %s, but it is %s".formatted(id, wanted, state));
  }

  private static Duration since(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos);
  }
}
