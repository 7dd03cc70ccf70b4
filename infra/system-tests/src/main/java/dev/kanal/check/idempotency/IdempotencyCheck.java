package dev.kanal.check.idempotency;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kanal.check.load.Crew;
import dev.kanal.check.promise.PromiseTally;
import dev.kanal.check.promise.Verdict;
import dev.kanal.check.server.Answer;
import dev.kanal.check.server.Api;
import dev.kanal.check.server.Console;
import dev.kanal.check.server.JobPages;
import dev.kanal.check.server.Servers;
import dev.kanal.check.server.Session;
import dev.kanal.check.server.Texts;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** One run of the check of idempotency keys. Used once. */
final class IdempotencyCheck {
  private static final int NEW = 202;
  private static final int REPEATED = 200;
  private static final int MISMATCH = 422;

  private final ObjectMapper json = new ObjectMapper();
  private final PromiseTally answered = new PromiseTally("each call is answered with a job");
  private final PromiseTally same = new PromiseTally("it is the same job");
  private final PromiseTally once = new PromiseTally("at most one call is the first");
  private final PromiseTally other = new PromiseTally("another body with the key is refused: 422");
  private final PromiseTally listed = new PromiseTally("one job is listed");
  private final String run = "once-" + Long.toString(InstantSource.system().millis(), 36);
  private final Set<String> ids = ConcurrentHashMap.newKeySet();
  private final AtomicInteger first = new AtomicInteger();
  private final AtomicInteger away = new AtomicInteger();
  private final AtomicInteger next = new AtomicInteger();
  private final Session session;
  private final Servers servers;
  private final int calls;

  IdempotencyCheck(Session session, int calls) {
    this.session = session;
    this.servers = session.servers();
    this.calls = calls;
  }

  Verdict run() throws InterruptedException {
    Console console = session.console();
    long start = System.nanoTime();
    Crew.run(
        "check-once-",
        calls,
        () -> {
          int number = next.getAndIncrement();
          take(submit(number, "{\"calls\":%d}".formatted(calls)));
          return null;
        });
    Duration time = Duration.ofNanos(System.nanoTime() - start);
    for (int i = 0; i < calls; i++) {
      same.check(ids.size() == 1, () -> "there are " + ids);
    }
    once.check(first.get() <= 1, () -> first.get() + " calls were answered 202");
    Answer mismatch = submit(0, "\"another\"");
    other.check(
        mismatch instanceof Answer.Got got && got.status() == MISMATCH,
        () -> "it is answered " + Texts.shorten(mismatch.toString()));
    List<JsonNode> jobs = new JobPages(new Api(servers), "tag=run:" + run + "&limit=100").all();
    listed.check(jobs.size() == 1, () -> "there are " + jobs.size());

    Verdict verdict =
        new Verdict(
            List.of(
                answered.toPromise(),
                same.toPromise(),
                once.toPromise(),
                other.toPromise(),
                listed.toPromise()),
            List.of());
    verdict.table().forEach(console::say);
    console.say(
        "%d calls to %d servers in %s, %d of them tried again"
            .formatted(calls, servers.size(), Console.time(time), away.get()));
    console.say(verdict.conclusion());
    return verdict;
  }

  /** At the same server until it answers. */
  private Answer submit(int number, String payload) throws InterruptedException {
    String body =
        "{\"type\":\"echo\",\"payload\":%s,\"tags\":{\"run\":\"%s\"}}".formatted(payload, run);
    for (int tries = 1; ; tries++) {
      Answer answer =
          servers.get(number).call("POST", "/v1/jobs", body, Map.of("idempotency-key", run));
      if (!(answer instanceof Answer.Away later) || !session.patience().pause(later, tries)) {
        return answer;
      }
      away.incrementAndGet();
    }
  }

  private void take(Answer answer) {
    switch (answer) {
      case Answer.Got got when got.status() == NEW || got.status() == REPEATED -> {
        answered.kept();
        first.addAndGet(got.status() == NEW ? 1 : 0);
        ids.add(id(got.body()));
      }
      case Answer.Got got ->
          answered.broken("status " + got.status() + ": " + Texts.shorten(got.body()));
      case Answer.Away(String why, _, _) -> answered.broken(why);
    }
  }

  private String id(String body) {
    try {
      return json.readTree(body).path("id").asText("none");
    } catch (JsonProcessingException e) {
      return "no JSON";
    }
  }
}
