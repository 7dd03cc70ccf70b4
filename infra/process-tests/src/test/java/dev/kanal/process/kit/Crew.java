package dev.kanal.process.kit;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A scheduler, and workers that come and go, each a process. One thread. */
public final class Crew {
  private static final Duration START = Duration.ofSeconds(90);
  private static final int PAGE = 200;

  private final Programs programs;
  private final Map<String, String> shared;
  private final Server scheduler;

  private Crew(Programs programs, Map<String, String> shared, Server scheduler) {
    this.programs = programs;
    this.shared = shared;
    this.scheduler = scheduler;
  }

  /** Returns when the scheduler is ready. */
  public static Crew start(Programs programs, Path directory, String kafka, String prefix)
      throws IOException, InterruptedException {
    Map<String, String> shared =
        Map.of("KANAL_KAFKA_BOOTSTRAP", kafka, "KANAL_TOPICS_PREFIX", prefix);
    String data = "--data=" + directory.resolve("scheduler");
    Program program = programs.kanal("scheduler", shared, "scheduler", "--http.port=0", data);
    Server scheduler = Server.in(program.awaitLine("The scheduler is ready: ", START));
    return new Crew(programs, shared, scheduler);
  }

  public Server scheduler() {
    return scheduler;
  }

  /** Returns at once: the worker takes tasks some seconds later. */
  public Program worker(String name, String... arguments) throws IOException {
    String[] all = Stream.concat(Stream.of("worker"), Stream.of(arguments)).toArray(String[]::new);
    return programs.kanal(name, shared, all);
  }

  /** Submits {@code count} jobs of one kind, and fails unless each is accepted. */
  public void submit(String job, int count) throws IOException, InterruptedException {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      lines.add(job);
    }
    try (Stream<String> answers = scheduler.bulk(lines)) {
      List<String> refused = answers.filter(answer -> !Server.json(answer).has("id")).toList();
      if (!refused.isEmpty()) {
        throw new AssertionError("Expected each job to be taken, but " + refused.getFirst());
      }
    }
  }

  /** How many jobs of a queue are in a state. */
  public int count(String queue, String state) throws IOException, InterruptedException {
    JsonNode queues = scheduler.get("/v1/queues").expecting(200).json().path("items");
    for (JsonNode each : queues) {
      if (each.path("name").asText().equals(queue)) {
        return each.at("/states/" + state).asInt();
      }
    }
    return 0;
  }

  /** The live workers. */
  public List<JsonNode> workers() throws IOException, InterruptedException {
    List<JsonNode> all = new ArrayList<>();
    scheduler.get("/v1/workers").expecting(200).json().path("items").forEach(all::add);
    return all;
  }

  /** All jobs that a filter of the list finds. */
  public List<JsonNode> jobs(String filter) throws IOException, InterruptedException {
    List<JsonNode> all = new ArrayList<>();
    String cursor = "";
    do {
      String path = "/v1/jobs?limit=" + PAGE + "&" + filter + cursor;
      JsonNode page = page(path);
      page.path("items").forEach(all::add);
      JsonNode next = page.path("nextCursor");
      cursor = next.isTextual() ? "&cursor=" + next.asText() : "";
    } while (!cursor.isEmpty());
    return all;
  }

  /** Asks again while a shard is not up to date. */
  private JsonNode page(String path) throws IOException, InterruptedException {
    Await await = new Await(START);
    Server.Answer answer = scheduler.get(path);
    while (answer.status() == 503 && await.again()) {
      answer = scheduler.get(path);
    }
    return answer.expecting(200).json();
  }
}
