package dev.kanal.check.reads;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kanal.check.promise.PromiseTally;
import dev.kanal.check.promise.Verdict;
import dev.kanal.check.server.Answer;
import dev.kanal.check.server.Console;
import dev.kanal.check.server.JobAnswer;
import dev.kanal.check.server.Latencies;
import dev.kanal.check.server.Session;
import dev.kanal.check.server.Texts;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Submits jobs one by one and asks for each at once. Used once. */
final class IdProbe {
  private static final int ACCEPTED = 202;

  private final ObjectMapper json = new ObjectMapper();
  private final Session session;
  private final int jobs;
  private final String body;
  private final Latencies submits;
  private final Latencies reads;
  private final PromiseTally accepted = new PromiseTally("every job is answered 202 with an id");
  private final PromiseTally found = new PromiseTally("GET after 202 is never answered 404");
  private final PromiseTally readable = new PromiseTally("GET after 202 answers the job");

  IdProbe(Session session, int jobs, String queue) {
    this.session = session;
    this.jobs = jobs;
    this.submits = new Latencies(jobs);
    this.reads = new Latencies(jobs);
    this.body =
        json.createObjectNode()
            .put("type", "echo")
            .put("queue", queue)
            .put("payload", "who reads this")
            .toString();
  }

  Verdict run() throws InterruptedException {
    for (int i = 0; i < jobs && !session.deadline().passed(); i++) {
      String id = submit();
      if (id != null) {
        read(id);
      }
    }
    Verdict verdict =
        new Verdict(
            List.of(accepted.toPromise(), found.toPromise(), readable.toPromise()), notReached());
    Console console = session.console();
    verdict.table().forEach(console::say);
    console.say(submits.line("POST /v1/jobs"));
    console.say(reads.line("GET /v1/jobs/{id}"));
    console.say(verdict.conclusion());
    return verdict;
  }

  private List<String> notReached() {
    long done = accepted.toPromise().checked();
    return done == jobs
        ? List.of()
        : List.of("only %d of %d jobs were tried before --timeout".formatted(done, jobs));
  }

  private @Nullable String submit() throws InterruptedException {
    for (int tries = 1; ; tries++) {
      long startedAt = System.nanoTime();
      switch (session.client().post("/v1/jobs", body)) {
        case Answer.Got got -> {
          submits.add(System.nanoTime() - startedAt);
          session.patience().answered();
          return id(got);
        }
        case Answer.Away away -> {
          if (!session.patience().pause(away, tries)) {
            accepted.broken("not accepted in time: " + away.why());
            return null;
          }
        }
      }
    }
  }

  private @Nullable String id(Answer.Got answer) {
    try {
      String id = json.readTree(answer.body()).path("id").asText("");
      if (answer.status() == ACCEPTED && !id.isEmpty()) {
        accepted.kept();
        return id;
      }
    } catch (JsonProcessingException e) {
      accepted.broken("no JSON: " + Texts.shorten(answer.body()));
      return null;
    }
    accepted.broken("status " + answer.status() + ": " + Texts.shorten(answer.body()));
    return null;
  }

  private void read(String id) throws InterruptedException {
    for (int tries = 1; ; tries++) {
      long startedAt = System.nanoTime();
      JobAnswer answer = session.client().job(id);
      long time = System.nanoTime() - startedAt;
      if (answer instanceof JobAnswer.Away(Answer.Away away)) {
        if (!session.patience().pause(away, tries)) {
          readable.broken(id + ": " + away.why());
          return;
        }
        continue;
      }
      reads.add(time);
      session.patience().answered();
      judge(id, answer);
      return;
    }
  }

  private void judge(String id, JobAnswer answer) {
    switch (answer) {
      case JobAnswer.Missing() -> found.broken(id + " is not known");
      case JobAnswer.Job _ -> {
        found.kept();
        readable.kept();
      }
      case JobAnswer.Unexpected(String what) -> {
        found.kept();
        readable.broken(id + " is answered by " + what);
      }
      case JobAnswer.Away _ ->
          throw new IllegalStateException("Expected an answer about " + id + ", but got none");
    }
  }
}
