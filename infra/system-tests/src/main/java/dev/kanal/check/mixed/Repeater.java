package dev.kanal.check.mixed;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kanal.check.history.Accepted;
import dev.kanal.check.history.Repeat;
import dev.kanal.check.load.Crew;
import dev.kanal.check.mix.Kind;
import dev.kanal.check.mix.MixedJob;
import dev.kanal.check.server.Answer;
import dev.kanal.check.server.Servers;
import dev.kanal.check.server.Texts;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Submits each of its jobs several times at once with one idempotency key. Used once. */
final class Repeater {
  private static final int SUBMITTERS = 4;
  private static final int COPIES = 3;

  private final ObjectMapper json = new ObjectMapper();
  private final Servers servers;
  private final JobBodies bodies;
  private final Ledger ledger;
  private final String run;
  private final AtomicInteger next = new AtomicInteger();

  Repeater(Servers servers, JobBodies bodies, Ledger ledger, String run) {
    this.servers = servers;
    this.bodies = bodies;
    this.ledger = ledger;
    this.run = run;
  }

  void run(List<MixedJob> mix) throws InterruptedException {
    List<MixedJob> jobs = mix.stream().filter(job -> job.kind() == Kind.REPEATED).toList();
    Crew.run(
        "check-repeat-",
        SUBMITTERS,
        () -> {
          for (int i = next.getAndIncrement(); i < jobs.size(); i = next.getAndIncrement()) {
            repeat(jobs.get(i));
          }
          return null;
        });
  }

  private void repeat(MixedJob job) throws InterruptedException {
    int index = job.spec().index();
    long sent = Ledger.now();
    String body = bodies.body(job, sent / 1_000);
    Set<String> ids = ConcurrentHashMap.newKeySet();
    AtomicInteger answers = new AtomicInteger();
    Crew.run(
        "check-copy-",
        COPIES,
        () -> {
          take(index, submit(index, body), ids);
          answers.incrementAndGet();
          return null;
        });
    ids.stream()
        .sorted()
        .limit(1)
        .forEach(id -> ledger.accept(new Accepted(index, id, sent, Ledger.now())));
    String other = body.replace("\"run\":", "\"ran\":");
    int mismatch = submit(index, other) instanceof Answer.Got got ? got.status() : 0;
    ledger.repeat(new Repeat(index, answers.get(), ids, mismatch));
  }

  private Answer submit(int index, String body) throws InterruptedException {
    Map<String, String> headers = Map.of("idempotency-key", run + "-" + index);
    return servers.ask(client -> client.call("POST", "/v1/jobs", body, headers));
  }

  private void take(int index, Answer answer, Set<String> ids) {
    switch (answer) {
      case Answer.Away(String why, _, _) -> ledger.refuse("number " + index + ": " + why);
      case Answer.Got got -> {
        String id = id(got.body());
        if ((got.status() == 200 || got.status() == 202) && !id.isEmpty()) {
          ids.add(id);
        } else {
          ledger.refuse(
              "number %d: status %d %s".formatted(index, got.status(), Texts.shorten(got.body())));
        }
      }
    }
  }

  private String id(String body) {
    try {
      return json.readTree(body).path("id").asText("");
    } catch (JsonProcessingException e) {
      return "";
    }
  }
}
