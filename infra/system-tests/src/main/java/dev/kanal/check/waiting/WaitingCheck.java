package dev.kanal.check.waiting;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kanal.check.load.AcceptedJob;
import dev.kanal.check.load.Progress;
import dev.kanal.check.load.Submission;
import dev.kanal.check.load.Submitter;
import dev.kanal.check.promise.Promise;
import dev.kanal.check.promise.PromiseTally;
import dev.kanal.check.promise.Verdict;
import dev.kanal.check.server.Api;
import dev.kanal.check.server.Console;
import dev.kanal.check.server.JobAnswer;
import dev.kanal.check.server.JobPages;
import dev.kanal.check.server.Latencies;
import dev.kanal.check.server.Pause;
import dev.kanal.check.server.Session;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** One run of the check of waiting jobs. Used once. */
final class WaitingCheck {
  private static final int SUBMITTERS = 2;
  private static final int CHUNK_LINES = 1_000;
  private static final int PAGES = 50;
  private static final int PAGE = 100;
  private static final int SAMPLE = 1_000;
  private static final Duration LOOK_EVERY = Duration.ofMillis(200);
  private static final Duration RUN_NOW = Duration.ofSeconds(30);

  private final ObjectMapper json = new ObjectMapper();
  private final PromiseTally listed = new PromiseTally("lists hold each job once, newest first");
  private final PromiseTally found = new PromiseTally("the one job with its tag is found");
  private final PromiseTally ran = new PromiseTally("the job that is run now succeeds");
  private final PromiseTally cancelled = new PromiseTally("the bulk action cancels all others");
  private final String run = "waiting-" + Long.toString(InstantSource.system().millis(), 36);
  private final Session session;
  private final Console console;
  private final Api api;
  private final LaterJobs jobs;
  private final ServerMemory memory;

  WaitingCheck(Session session, String queue, int count, ServerMemory memory) {
    this.session = session;
    this.console = session.console();
    this.api = new Api(session.servers());
    this.jobs = new LaterJobs(count, queue, run);
    this.memory = memory;
  }

  Verdict run(boolean leave) throws InterruptedException {
    reportMemory();
    Submission submission = submit();
    list();
    List<AcceptedJob> accepted = submission.accepted();
    runNow(find());
    if (!leave) {
      cancel(accepted);
    }
    List<Promise> promises = new ArrayList<>(submission.promises());
    for (PromiseTally promise : List.of(listed, found, ran, cancelled)) {
      promises.add(promise.toPromise());
    }
    Verdict verdict = new Verdict(promises, List.of());
    verdict.table().forEach(console::say);
    console.say(verdict.conclusion());
    return verdict;
  }

  private Submission submit() throws InterruptedException {
    Submitter submitter = new Submitter(session, jobs, CHUNK_LINES);
    long start = System.nanoTime();
    Submission submission;
    try (Progress _ =
        Progress.start(
            console, () -> "submitted %s".formatted(Console.count(submitter.accepted())))) {
      submission = submitter.run(SUBMITTERS);
    }
    long took = System.nanoTime() - start;
    console.say(
        "accepted %s jobs, due in one hour, in %s: %s/s"
            .formatted(
                Console.count(submission.accepted().size()),
                Console.time(Duration.ofNanos(took)),
                Console.count(Math.round(submission.accepted().size() * 1e9 / took))));
    reportMemory();
    return submission;
  }

  private void list() throws InterruptedException {
    Latencies times = new Latencies(PAGES);
    JobPages pages =
        new JobPages(
            api, "state=SCHEDULED&queue=%s&tag=run:%s&limit=%d".formatted(jobs.queue(), run, PAGE));
    Set<String> seen = new HashSet<>();
    String last = "~";
    for (int page = 0; page < PAGES && pages.hasNext(); page++) {
      long start = System.nanoTime();
      List<JsonNode> items = pages.next();
      times.add(System.nanoTime() - start);
      for (JsonNode job : items) {
        String id = job.path("id").asText();
        String before = last;
        listed.check(
            seen.add(id) && id.compareTo(before) < 0, () -> id + " is listed after " + before);
        last = id;
      }
    }
    console.say(times.line("GET /v1/jobs, pages of %d".formatted(PAGE)));
  }

  /** The job with the rare tag; empty if it is not found. */
  private String find() throws InterruptedException {
    long start = System.nanoTime();
    JobPages pages =
        new JobPages(
            api, "queue=%s&tag=%s&limit=%d".formatted(jobs.queue(), jobs.needleTag(), PAGE));
    int asked = 0;
    List<JsonNode> hits = List.of();
    while (hits.isEmpty() && pages.hasNext()) {
      hits = pages.next();
      asked++;
    }
    console.say(
        "found one of %s by its tag in %s, %d pages"
            .formatted(
                Console.count(jobs.size()),
                Console.time(Duration.ofNanos(System.nanoTime() - start)),
                asked));
    String id = hits.size() == 1 ? hits.getFirst().path("id").asText() : "";
    found.check(!id.isEmpty(), () -> "tag " + jobs.needleTag() + " finds no job");
    return id;
  }

  private void runNow(String id) throws InterruptedException {
    if (id.isEmpty()) {
      return;
    }
    long start = System.nanoTime();
    var _ = api.post("/v1/jobs/" + id + "/run-now", null).expectSuccess();
    JobAnswer answer = session.client().job(id, RUN_NOW);
    console.say("run now to end: %d ms".formatted((System.nanoTime() - start) / 1_000_000));
    ran.check(
        answer instanceof JobAnswer.Job job
            && job.state().equals("SUCCEEDED")
            && jobs.wrong(jobs.needle(), job.result()).isEmpty(),
        () -> id + " is answered by " + answer);
  }

  private void cancel(List<AcceptedJob> accepted) throws InterruptedException {
    long start = System.nanoTime();
    ObjectNode action = json.createObjectNode().put("action", "cancel");
    action
        .putObject("filter")
        .put("state", "SCHEDULED")
        .put("queue", jobs.queue())
        .putObject("tags")
        .put("run", run);
    String handle = api.post("/v1/bulk-actions", action).expectSuccess().path("id").asText();
    long answered = System.nanoTime();
    JsonNode state = awaitEnd(handle);
    console.say(
        "bulk cancel answered after %d ms, done after %s: %s"
            .formatted(
                (answered - start) / 1_000_000,
                Console.time(Duration.ofNanos(System.nanoTime() - start)),
                state));
    reportMemory();
    int waiting = accepted.size() - 1;
    cancelled.check(
        state.path("done").asInt() == waiting,
        () -> "%d of %d were cancelled".formatted(state.path("done").asInt(), waiting));
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < Math.min(SAMPLE, accepted.size()); i++) {
      AcceptedJob job = accepted.get(random.nextInt(accepted.size()));
      String expected = job.index() == jobs.needle() ? "SUCCEEDED" : "CANCELLED";
      JsonNode is = api.get("/v1/jobs/" + job.id()).body();
      cancelled.check(
          is.path("state").asText().equals(expected), () -> job.id() + " is " + is.path("state"));
    }
  }

  private JsonNode awaitEnd(String handle) throws InterruptedException {
    while (true) {
      JsonNode state = api.get("/v1/bulk-actions/" + handle).expectSuccess();
      if (!state.path("state").asText().equals("running") || session.deadline().passed()) {
        return state;
      }
      Pause.real().of(LOOK_EVERY);
    }
  }

  private void reportMemory() {
    memory.text().ifPresent(console::say);
  }
}
