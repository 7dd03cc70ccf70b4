package dev.kanal.check.listing;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kanal.check.load.AcceptedJob;
import dev.kanal.check.load.Progress;
import dev.kanal.check.load.Submission;
import dev.kanal.check.load.Submitter;
import dev.kanal.check.promise.Promise;
import dev.kanal.check.promise.PromiseTally;
import dev.kanal.check.promise.Verdict;
import dev.kanal.check.server.Api;
import dev.kanal.check.server.Console;
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
import java.util.function.IntPredicate;
import java.util.stream.Collectors;

/** One run of the check of lists. Used once. */
final class ListingCheck {
  private static final int SUBMITTERS = 2;
  private static final int CHUNK_LINES = 1_000;
  private static final int PAGE = 50;
  private static final Duration LOOK_EVERY = Duration.ofMillis(500);

  private final PromiseTally exact = new PromiseTally("all pages hold each match, once");
  private final PromiseTally sorted = new PromiseTally("newest first");
  private final PromiseTally fast = new PromiseTally("99 of 100 calls answered within the bound");
  private final String run = "list-" + Long.toString(InstantSource.system().millis(), 36);
  private final Session session;
  private final Console console;
  private final Api api;
  private final KeptJobs jobs;

  ListingCheck(Session session, String queue, int count) {
    this.session = session;
    this.console = session.console();
    this.api = new Api(session.servers());
    this.jobs = new KeptJobs(count, queue, run);
  }

  Verdict run(int calls, Duration bound) throws InterruptedException {
    Submission submission = fill();
    List<AcceptedJob> accepted = submission.accepted();
    String dead = "state=DEAD&queue=" + jobs.queue();
    for (int colour = 0; colour < KeptJobs.COLOURS; colour++) {
      int wanted = colour;
      compare(
          dead + colour(colour),
          ids(accepted, index -> jobs.dies(index) && jobs.colour(index) == wanted));
    }
    compare(
        dead + "&tag=rare:" + run, ids(accepted, index -> jobs.dies(index) && jobs.isRare(index)));
    compare("tag=rare:" + run, ids(accepted, jobs::isRare));
    compare(dead + "&tag=rare:nobody", Set.of());
    time("dead with a colour", calls, bound, call -> dead + colour(call % KeptJobs.COLOURS));
    time("dead with a rare tag", calls, bound, _ -> dead + "&tag=rare:" + run);
    time("a tag that none has", calls, bound, _ -> dead + "&tag=rare:nobody");
    time("succeeded with a rare tag", calls, bound, _ -> "state=SUCCEEDED&tag=rare:" + run);
    List<Promise> promises = new ArrayList<>(submission.promises());
    for (PromiseTally promise : List.of(exact, sorted, fast)) {
      promises.add(promise.toPromise());
    }
    Verdict verdict = new Verdict(promises, List.of());
    verdict.table().forEach(console::say);
    console.say(verdict.conclusion());
    return verdict;
  }

  private interface Query {
    String of(int call);
  }

  private String colour(int colour) {
    return "&tag=colour:" + run + '-' + colour;
  }

  private Submission fill() throws InterruptedException {
    long start = System.nanoTime();
    Submitter submitter = new Submitter(session, jobs, CHUNK_LINES);
    try (Progress _ =
        Progress.start(
            console,
            () ->
                "submitted %s of %s"
                    .formatted(Console.count(submitter.accepted()), Console.count(jobs.size())))) {
      Submission submission = submitter.run(SUBMITTERS);
      awaitIdle();
      console.say(
          "kept %s jobs after %s"
              .formatted(
                  Console.count(submission.accepted().size()),
                  Console.time(Duration.ofNanos(System.nanoTime() - start))));
      return submission;
    }
  }

  /** Until no job of the queue waits or runs. */
  private void awaitIdle() throws InterruptedException {
    while (!session.deadline().passed()) {
      long open = 0;
      for (JsonNode queue : api.get("/v1/queues").expectSuccess().path("items")) {
        if (queue.path("name").asText().equals(jobs.queue())) {
          open +=
              queue.path("lag").asLong()
                  + queue.path("inFlight").asLong()
                  + queue.path("waiting").asLong();
        }
      }
      if (open == 0) {
        return;
      }
      Pause.real().of(LOOK_EVERY);
    }
  }

  private static Set<String> ids(List<AcceptedJob> accepted, IntPredicate wanted) {
    return accepted.stream()
        .filter(job -> wanted.test(job.index()))
        .map(AcceptedJob::id)
        .collect(Collectors.toSet());
  }

  /** Follows all cursors of a list. */
  private void compare(String query, Set<String> expected) throws InterruptedException {
    Set<String> seen = new HashSet<>();
    String last = "~";
    for (JsonNode job : new JobPages(api, query + "&limit=" + PAGE).all()) {
      String id = job.path("id").asText();
      String before = last;
      sorted.check(id.compareTo(before) < 0, () -> query + ": " + id + " comes after " + before);
      exact.check(
          seen.add(id) && expected.contains(id),
          () -> "%s: %s is listed twice, or is no match".formatted(query, id));
      last = id;
    }
    for (String id : expected) {
      if (!seen.contains(id)) {
        exact.broken(query + ": " + id + " is missing");
      }
    }
    if (expected.isEmpty() && seen.isEmpty()) {
      exact.kept();
    }
  }

  private void time(String what, int calls, Duration bound, Query query)
      throws InterruptedException {
    Latencies times = new Latencies(calls);
    for (int call = 0; call < calls; call++) {
      long start = System.nanoTime();
      var _ = api.get("/v1/jobs?" + query.of(call) + "&limit=" + PAGE).expectSuccess();
      times.add(System.nanoTime() - start);
    }
    console.say(times.line(what));
    long p99 = times.percentile(0.99);
    fast.check(p99 <= bound.toNanos(), () -> "%s: p99 is %d ms".formatted(what, p99 / 1_000_000));
  }
}
