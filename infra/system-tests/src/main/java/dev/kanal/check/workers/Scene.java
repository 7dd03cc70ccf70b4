package dev.kanal.check.workers;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kanal.check.cluster.Cluster;
import dev.kanal.check.load.JobSource;
import dev.kanal.check.load.Submission;
import dev.kanal.check.load.Submitter;
import dev.kanal.check.promise.Promise;
import dev.kanal.check.promise.Verdict;
import dev.kanal.check.server.Api;
import dev.kanal.check.server.Console;
import dev.kanal.check.server.Pause;
import dev.kanal.check.server.Session;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;

/** A cluster and what is done with it. */
record Scene(Cluster cluster, Session session) {
  private static final int SUBMITTERS = 2;
  private static final int CHUNK_LINES = 500;
  private static final Duration LOOK_EVERY = Duration.ofMillis(100);

  Console console() {
    return session.console();
  }

  Api api() {
    return new Api(session.servers());
  }

  Submission submit(JobSource jobs) throws InterruptedException {
    return new Submitter(session, jobs, CHUNK_LINES).run(SUBMITTERS);
  }

  /** How many jobs of a queue are in a state. */
  long count(String queue, String state) throws InterruptedException {
    return states(queue).path(state).asLong();
  }

  /** How many jobs of a queue have not ended. */
  long open(String queue) throws InterruptedException {
    long open = 0;
    JsonNode states = states(queue);
    for (Iterator<String> names = states.fieldNames(); names.hasNext(); ) {
      String state = names.next();
      open += isFinal(state) ? 0 : states.path(state).asLong();
    }
    return open;
  }

  /** Waits until every job of a queue has ended, or the time of the check is over. */
  void awaitEnd(String queue) throws InterruptedException {
    while (open(queue) > 0 && !session.deadline().passed()) {
      Pause.real().of(LOOK_EVERY);
    }
  }

  Verdict report(List<Promise> promises) {
    Verdict verdict = new Verdict(promises, List.of());
    verdict.table().forEach(console()::say);
    console().say(verdict.conclusion());
    return verdict;
  }

  private JsonNode states(String queue) throws InterruptedException {
    return api().get("/v1/queues/" + queue).expectSuccess().path("states");
  }

  private static boolean isFinal(String state) {
    return switch (state) {
      case "SUCCEEDED", "DEAD", "CANCELLED", "EXPIRED" -> true;
      default -> false;
    };
  }
}
