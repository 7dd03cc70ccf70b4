package dev.kanal.process.kit;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Two schedulers and two workers on one Kafka, each a process. */
public record Nodes(Program first, Program second, Server one, Server two) {
  public static final int SHARDS = 16;

  private static final Duration START = Duration.ofSeconds(90);

  /** Returns when both schedulers are ready, and each has some of the shards. */
  public static Nodes start(Programs programs, Path directory, String kafka, String prefix)
      throws IOException, InterruptedException {
    return start(programs, directory, kafka, prefix, Map.of());
  }

  /** The same with more settings for all four. */
  public static Nodes start(
      Programs programs, Path directory, String kafka, String prefix, Map<String, String> more)
      throws IOException, InterruptedException {
    Map<String, String> shared = new HashMap<>(more);
    shared.put("KANAL_KAFKA_BOOTSTRAP", kafka);
    shared.put("KANAL_TOPICS_PREFIX", prefix);
    Program[] schedulers = new Program[2];
    for (int node = 0; node < schedulers.length; node++) {
      schedulers[node] =
          programs.kanal(
              "scheduler-" + node,
              shared,
              "scheduler",
              "--http.port=0",
              "--data=" + directory.resolve("scheduler-" + node));
    }
    String ready = "The scheduler is ready: ";
    Server one = Server.in(schedulers[0].awaitLine(ready, START));
    Server two = Server.in(schedulers[1].awaitLine(ready, START));
    for (int node = 0; node < 2; node++) {
      programs
          .kanal("worker-" + node, shared, "worker")
          .awaitLine("The worker takes tasks from", START);
    }
    Nodes nodes = new Nodes(schedulers[0], schedulers[1], one, two);
    nodes.awaitSpread();
    return nodes;
  }

  private void awaitSpread() throws IOException, InterruptedException {
    Await await = new Await(START);
    int here = shards(one);
    int there = shards(two);
    while (here == 0 || there == 0 || here + there != SHARDS) {
      if (!await.again()) {
        throw new AssertionError(
            "Expected %d shards on two nodes, but they have %d and %d"
                .formatted(SHARDS, here, there));
      }
      here = shards(one);
      there = shards(two);
    }
  }

  /** How many shards a node has, all up to date; 0 if it is not ready. */
  public static int shards(Server server) throws IOException, InterruptedException {
    Server.Answer answer = server.get("/readyz");
    if (answer.status() != 200) {
      return 0;
    }
    String detail = answer.json().path("detail").asText();
    return Integer.parseInt(detail.substring(0, detail.indexOf(' ')));
  }
}
