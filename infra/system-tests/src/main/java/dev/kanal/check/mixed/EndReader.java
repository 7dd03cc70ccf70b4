package dev.kanal.check.mixed;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kanal.check.history.Accepted;
import dev.kanal.check.history.JobEnd;
import dev.kanal.check.load.Crew;
import dev.kanal.check.server.Answer;
import dev.kanal.check.server.JobAnswer;
import dev.kanal.check.server.Pause;
import dev.kanal.check.server.Servers;
import dev.kanal.check.server.Session;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Reads how jobs ended, and once more when all is over. */
public final class EndReader {
  private static final int READERS = 64;
  private static final Duration ASK_EVERY = Duration.ofMillis(100);

  private final ObjectMapper json = new ObjectMapper();
  private final Session session;
  private final Servers servers;
  private final List<Accepted> jobs;
  private final Map<String, String> first = new ConcurrentHashMap<>();
  private final Map<String, JobEnd> ends = new ConcurrentHashMap<>();

  public EndReader(Session session, List<Accepted> jobs) {
    this.session = session;
    this.servers = session.servers();
    this.jobs = jobs;
  }

  /** For people; grows while {@link #await} works. */
  public int done() {
    return ends.size();
  }

  /** Waits until each job is final or the time of the run is over. */
  public void await() throws InterruptedException {
    eachJob(this::await);
  }

  /** Reads every job again; what differs is noted. */
  public List<JobEnd> readAgain() throws InterruptedException {
    eachJob(this::readAgain);
    return List.copyOf(ends.values());
  }

  private interface Work {
    void on(String job) throws InterruptedException;
  }

  private void eachJob(Work work) throws InterruptedException {
    AtomicInteger next = new AtomicInteger();
    Crew.run(
        "check-read-",
        Math.min(READERS, jobs.size()),
        () -> {
          for (int i = next.getAndIncrement(); i < jobs.size(); i = next.getAndIncrement()) {
            work.on(jobs.get(i).job());
          }
          return null;
        });
  }

  private void await(String job) throws InterruptedException {
    while (!session.deadline().passed()) {
      String body = read(job, "?wait=20s");
      JobEnd end = end(job, body);
      if (end.isFinal()) {
        ends.put(job, end);
        first.put(job, body);
        return;
      }
      Pause.real().of(session.deadline().atMost(ASK_EVERY));
    }
  }

  private void readAgain(String job) throws InterruptedException {
    String before = first.get(job);
    JobEnd end = ends.get(job);
    if (before == null || end == null) {
      return;
    }
    String now = read(job, "");
    if (!now.isEmpty() && !last(before).equals(last(now))) {
      ends.put(job, end.withLater(last(now)));
    }
  }

  /** The answer's body; empty if there was none in time. */
  private String read(String job, String query) throws InterruptedException {
    Answer answer =
        servers.ask(client -> client.call("GET", "/v1/jobs/" + job + query, null, Map.of()));
    return switch (answer) {
      case Answer.Got got -> got.body();
      case Answer.Away _ -> "";
    };
  }

  /** The fields that must not change any more. */
  private String last(String body) {
    JsonNode job = tree(body);
    return "%s %s at %s with %s"
        .formatted(
            job.path("state").asText("unknown"),
            job.path("reason").asText(""),
            job.path("finishedAt").asText(),
            job.path("result"));
  }

  private JobEnd end(String id, String body) {
    JsonNode job = tree(body);
    String state = job.path("state").asText("");
    List<JobEnd.Tried> attempts = new ArrayList<>();
    for (JsonNode attempt : job.path("attempts")) {
      attempts.add(
          new JobEnd.Tried(
              attempt.path("number").asInt(),
              attempt.path("outcome").asText(),
              micros(attempt.path("startedAt")),
              micros(attempt.path("finishedAt"))));
    }
    return new JobEnd(
        id,
        JobAnswer.FINAL_STATES.contains(state) ? state : "",
        job.path("reason").asText(""),
        job.path("result").path("body").path("run").asLong(-1),
        job.path("attempt").asInt(),
        micros(job.path("finishedAt")),
        attempts,
        "");
  }

  private JsonNode tree(String body) {
    try {
      return json.readTree(body);
    } catch (JsonProcessingException e) {
      return json.createObjectNode();
    }
  }

  private static long micros(JsonNode time) {
    try {
      return Instant.parse(time.asText()).toEpochMilli() * 1_000;
    } catch (DateTimeException e) {
      return 0;
    }
  }
}
