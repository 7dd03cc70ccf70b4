package dev.kanal.check.retry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kanal.check.load.Submission;
import dev.kanal.check.load.Submitter;
import dev.kanal.check.promise.Promise;
import dev.kanal.check.promise.PromiseTally;
import dev.kanal.check.promise.Verdict;
import dev.kanal.check.server.Api;
import dev.kanal.check.server.CheckStopped;
import dev.kanal.check.server.Console;
import dev.kanal.check.server.JobPages;
import dev.kanal.check.server.Pause;
import dev.kanal.check.server.Session;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** One run of the check of bulk retries. Used once. */
final class RetryCheck {
  private static final int SUBMITTERS = 2;
  private static final int CHUNK_LINES = 1_000;
  private static final Duration LOOK_EVERY = Duration.ofMillis(25);
  private static final Duration SAY_EVERY = Duration.ofSeconds(1);

  private final PromiseTally counts = new PromiseTally("matched = done + skipped + failed");
  private final PromiseTally grows = new PromiseTally("no count ever shrinks");
  private final PromiseTally whole = new PromiseTally("a retry to its end takes every job, once");
  private final PromiseTally stopped = new PromiseTally("a stopped one has done what it says");
  private final PromiseTally groups = new PromiseTally("the failures tell every dead job");
  private final ObjectMapper json = new ObjectMapper();
  private final String run = "retry-" + Long.toString(InstantSource.system().millis(), 36);
  private final Session session;
  private final Console console;
  private final Api api;
  private final DoomedJobs jobs;

  RetryCheck(Session session, String queue, int count) {
    this.session = session;
    this.console = session.console();
    this.api = new Api(session.servers());
    this.jobs = new DoomedJobs(count, queue, run);
  }

  Verdict run() throws InterruptedException {
    Submitter submitter = new Submitter(session, jobs, CHUNK_LINES);
    long start = System.nanoTime();
    Submission submission = submitter.run(SUBMITTERS);
    long total = submission.accepted().size();
    awaitDead(total);
    console.say("%s jobs are dead after %s".formatted(Console.count(total), since(start)));
    ObjectNode filter = filter(failure(total));

    Outcome all = follow("retry", order("retry", filter), _ -> false);
    whole.check(
        all.is("done") && all.count("done") == total && all.count("skipped") == 0,
        () -> "expected %d jobs, but it says %s".formatted(total, all.action));
    awaitDead(total);
    compare(whole, Map.of(2, total));

    Outcome half =
        follow(
            "retry, to be stopped",
            order("retry", filter),
            action -> action.path("done").asLong() >= total / 2);
    stopped.check(
        half.is("stopped") && half.count("done") < total,
        () -> "expected it to stop half-way, but it says " + half.action);
    awaitDead(total);
    Map<Integer, Long> expected = new TreeMap<>();
    expected.merge(2, total - half.count("done"), Long::sum);
    expected.merge(3, half.count("done"), Long::sum);
    expected.values().removeIf(count -> count == 0);
    compare(stopped, expected);
    return verdict(submission);
  }

  private Verdict verdict(Submission submission) {
    List<Promise> promises = new ArrayList<>(submission.promises());
    for (PromiseTally each : List.of(groups, counts, grows, whole, stopped)) {
      promises.add(each.toPromise());
    }
    Verdict verdict = new Verdict(promises, List.of());
    verdict.table().forEach(console::say);
    console.say(verdict.conclusion());
    return verdict;
  }

  /** The progress of an action. */
  private record Outcome(JsonNode action) {
    boolean is(String state) {
      return action.path("state").asText().equals(state);
    }

    long count(String name) {
      return action.path(name).asLong();
    }
  }

  private ObjectNode filter(String failure) {
    ObjectNode filter = json.createObjectNode().put("queue", jobs.queue()).put("failure", failure);
    filter.putObject("tags").put("run", run);
    return filter;
  }

  private String order(String action, ObjectNode filter) throws InterruptedException {
    ObjectNode order = json.createObjectNode().put("action", action);
    order.set("filter", filter);
    return api.post("/v1/bulk-actions", order).expectSuccess().path("id").asText();
  }

  /** Follows an action to its end; stops it once {@code enough} says so. */
  private Outcome follow(String what, String id, Predicate<JsonNode> enough)
      throws InterruptedException {
    long start = System.nanoTime();
    long said = start;
    boolean stopAsked = false;
    JsonNode before = json.createObjectNode();
    while (true) {
      JsonNode action = api.get("/v1/bulk-actions/" + id).expectSuccess();
      check(before, action);
      before = action;
      if (!action.path("state").asText().equals("running")) {
        console.say(
            "%s: %s after %s: %s"
                .formatted(what, action.path("state").asText(), since(start), line(action)));
        return new Outcome(action);
      }
      if (!stopAsked && enough.test(action)) {
        console.say("%s: told to stop after %s: %s".formatted(what, since(start), line(action)));
        api.post("/v1/bulk-actions/" + id + "/stop", null).expectSuccess();
        stopAsked = true;
      }
      if (System.nanoTime() - said > SAY_EVERY.toNanos()) {
        console.say("%s: %s".formatted(what, line(action)));
        said = System.nanoTime();
      }
      pause();
    }
  }

  private void check(JsonNode before, JsonNode action) {
    long sum = 0;
    for (String name : List.of("done", "skipped", "failed")) {
      sum += action.path(name).asLong();
      grows.check(
          action.path(name).asLong() >= before.path(name).asLong(),
          () -> name + " shrank from " + before + " to " + action);
    }
    long all = sum;
    counts.check(action.path("matched").asLong() == all, action::toString);
  }

  /** The group of the jobs' failure. */
  private String failure(long total) throws InterruptedException {
    JsonNode failures = api.get("/v1/failures?type=sum&queue=" + jobs.queue()).expectSuccess();
    JsonNode group = failures.path("items").path(0);
    groups.check(
        group.path("count").asLong() >= total,
        () -> "expected a group of " + total + " jobs, but got " + failures);
    console.say(
        "failure %s: %s jobs, %s: %s"
            .formatted(
                group.path("failure").asText(),
                Console.count(group.path("count").asLong()),
                group.path("error").path("type").asText(),
                group.path("error").path("message").asText()));
    return group.path("failure").asText();
  }

  /** Waits until {@code total} jobs of this run are dead, by a dry run of a bulk action. */
  private void awaitDead(long total) throws InterruptedException {
    while (open() > 0) {
      pause();
    }
    ObjectNode order = json.createObjectNode().put("action", "retry").put("dryRun", true);
    ObjectNode filter = order.putObject("filter").put("queue", jobs.queue()).put("state", "DEAD");
    filter.putObject("tags").put("run", run);
    String id = api.post("/v1/bulk-actions", order).expectSuccess().path("id").asText();
    JsonNode action = api.get("/v1/bulk-actions/" + id).expectSuccess();
    while (action.path("state").asText().equals("running")) {
      pause();
      action = api.get("/v1/bulk-actions/" + id).expectSuccess();
    }
    JsonNode last = action;
    whole.check(
        last.path("matched").asLong() == total,
        () -> "expected %d dead jobs, but a dry run counts %s".formatted(total, last));
  }

  /** Jobs of the queue that have not ended. */
  private long open() throws InterruptedException {
    JsonNode queue = api.get("/v1/queues/" + jobs.queue()).expectSuccess();
    return queue.path("lag").asLong()
        + queue.path("inFlight").asLong()
        + queue.path("waiting").asLong();
  }

  /** Reads every job, and how many attempts each has had. */
  private void compare(PromiseTally promise, Map<Integer, Long> expected)
      throws InterruptedException {
    Map<Integer, Long> attempts = new TreeMap<>();
    JobPages pages = new JobPages(api, "state=DEAD&limit=200&tag=run:" + run);
    while (pages.hasNext()) {
      for (JsonNode job : pages.next()) {
        attempts.merge(job.path("attempt").asInt(), 1L, Long::sum);
      }
    }
    console.say("jobs by attempts: %s".formatted(attempts));
    promise.check(
        attempts.equals(expected),
        () -> "expected jobs by attempts %s, but they are %s".formatted(expected, attempts));
  }

  private void pause() throws InterruptedException {
    if (session.deadline().passed()) {
      throw new CheckStopped("Expected the check to end in time; --timeout gives it more");
    }
    Pause.real().of(LOOK_EVERY);
  }

  private static String line(JsonNode action) {
    return "matched %s, done %s, skipped %s, failed %s"
        .formatted(
            Console.count(action.path("matched").asLong()),
            Console.count(action.path("done").asLong()),
            Console.count(action.path("skipped").asLong()),
            Console.count(action.path("failed").asLong()));
  }

  private static String since(long start) {
    return Console.time(Duration.ofNanos(System.nanoTime() - start));
  }
}
