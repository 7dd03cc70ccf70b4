package dev.kanal.check.cluster;

import dev.kanal.check.server.Answer;
import dev.kanal.check.server.CheckStopped;
import dev.kanal.check.server.Console;
import dev.kanal.check.server.Deadline;
import dev.kanal.check.server.KanalClient;
import dev.kanal.check.server.Pause;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Kafka, schedulers and workers as processes. One thread kills and starts; any may ask. */
public final class Cluster implements AutoCloseable {
  private static final Duration START = Duration.ofMinutes(3);
  private static final Duration LOOK_EVERY = Duration.ofMillis(100);
  private static final Pattern SHARDS = Pattern.compile("\"detail\":\"(\\d{1,6}) ");

  private final Console console;
  private final Path directory;
  private final List<Member> kafka = new ArrayList<>();
  private final List<Member> schedulers = new ArrayList<>();
  private final List<Member> workers = new ArrayList<>();
  private final List<URI> urls = new ArrayList<>();
  private final List<KanalClient> clients = new ArrayList<>();
  private final List<Integer> kafkaPorts = new ArrayList<>();
  private final AtomicInteger shards = new AtomicInteger();

  private Cluster(String launcher, Layout layout, Path directory, Console console) {
    this.console = console;
    this.directory = directory;
    brokers(launcher, layout);
    for (int node = 0; node < layout.schedulers(); node++) {
      int port = freePort();
      String name = "scheduler-" + node;
      schedulers.add(
          member(
              name,
              layout.jvm(),
              List.of(launcher, "scheduler", "--http.port=" + port, "--data=" + path(name))));
      URI url = URI.create("http://127.0.0.1:" + port);
      urls.add(url);
      clients.add(new KanalClient(url));
    }
    for (int node = 0; node < layout.workers(); node++) {
      List<String> command = new ArrayList<>(List.of(launcher, "worker"));
      command.addAll(layout.workerArguments());
      workers.add(member("worker-" + node, layout.workerJvm(), command));
    }
  }

  /**
   * Returns when every scheduler has shards and the workers are on their way.
   *
   * @throws CheckStopped if it does not start
   */
  public static Cluster start(Layout layout, Console console) throws InterruptedException {
    String launcher = System.getenv("KANAL_LAUNCHER");
    if (launcher == null) {
      throw new CheckStopped("Expected to be started by ./kanal check, to start the cluster by it");
    }
    Path directory;
    try {
      directory = Files.createTempDirectory("kanal-cluster-");
    } catch (IOException e) {
      throw new CheckStopped("Expected to make a directory, but: " + e.getMessage());
    }
    Cluster cluster = new Cluster(launcher, layout, directory, console);
    Runtime.getRuntime().addShutdownHook(new Thread(cluster::abandon));
    console.say("starting " + layout.text() + "; their output is in " + directory);
    try {
      cluster.startAll();
      return cluster;
    } catch (InterruptedException | CheckStopped e) {
      cluster.close();
      throw e;
    }
  }

  /** Of the schedulers. */
  public List<URI> urls() {
    return List.copyOf(urls);
  }

  /** Where Kafka is. */
  public String bootstrap() {
    return kafkaPorts.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
  }

  int schedulers() {
    return schedulers.size();
  }

  int workers() {
    return workers.size();
  }

  Member scheduler(int node) {
    return schedulers.get(node);
  }

  Member worker(int node) {
    return workers.get(node);
  }

  /** Kills a scheduler, and starts it again later; returns when every shard is served again. */
  public void restartScheduler(int node, Duration downFor) throws InterruptedException {
    long killedAt = System.nanoTime();
    schedulers.get(node).kill();
    Pause.real().of(downFor);
    schedulers.get(node).start();
    awaitAll("every shard to be served", () -> served() == shards.get());
    Duration served = Duration.ofNanos(System.nanoTime() - killedAt);
    awaitAll("the killed scheduler to be back", () -> served(node) > 0);
    Duration back = Duration.ofNanos(System.nanoTime() - killedAt);
    console.say(
        "killed scheduler-%d, down for %s: all shards served again %s after the kill, on both after %s"
            .formatted(node, Console.time(downFor), Console.time(served), Console.time(back)));
  }

  /** {@code kill -9}. */
  public void killWorker(int node) throws InterruptedException {
    workers.get(node).kill();
  }

  /** By a signal; answers the exit status, or a negative number if it has not ended in time. */
  public int terminateWorker(int node, Duration patience) throws InterruptedException {
    return workers.get(node).terminate(patience);
  }

  public void startWorker(int node) {
    workers.get(node).start();
  }

  /** What a worker has printed so far. */
  public String printedByWorker(int node) {
    return workers.get(node).printed();
  }

  public long workerPid(int node) {
    return workers.get(node).pid();
  }

  /** Stops the broker as an operator would, and starts it again later, on the same data. */
  public void restartKafka(Duration downFor) throws InterruptedException {
    for (Member broker : kafka) {
      broker.stop();
    }
    Pause.real().of(downFor);
    startKafka();
  }

  /** {@code kill -9}. */
  public void killScheduler(int node) throws InterruptedException {
    schedulers.get(node).kill();
  }

  public void startScheduler(int node) {
    schedulers.get(node).start();
  }

  /** Returns when every scheduler has shards, and every shard is served. */
  public void awaitShards() throws InterruptedException {
    awaitAll("every scheduler to have shards", () -> haveAll() && served() == shards.get());
  }

  /** {@code kill -9} of every broker. */
  public void killKafka() throws InterruptedException {
    for (Member broker : kafka) {
      broker.kill();
    }
  }

  /** Starts every broker on its data; returns when all listen. */
  public void startKafka() throws InterruptedException {
    kafka.forEach(Member::start);
    awaitAll("Kafka to listen", () -> kafkaPorts.stream().allMatch(Cluster::listens));
  }

  /** Freezes a worker, without its knowing. */
  public void freezeWorker(int node) throws InterruptedException {
    workers.get(node).signal("STOP");
  }

  public void thawWorker(int node) throws InterruptedException {
    workers.get(node).signal("CONT");
  }

  void restartWorker(int node, Duration downFor) throws InterruptedException {
    workers.get(node).kill();
    Pause.real().of(downFor);
    workers.get(node).start();
    console.say("killed worker-%d, down for %s".formatted(node, Console.time(downFor)));
  }

  @Override
  public void close() {
    clients.forEach(KanalClient::close);
    try {
      for (Member member : members()) {
        member.stop();
      }
    } catch (InterruptedException e) {
      abandon();
      Thread.currentThread().interrupt();
    }
  }

  private void startAll() throws InterruptedException {
    startKafka();
    schedulers.getFirst().start();
    awaitAll("the first scheduler to be ready", () -> served(0) > 0);
    shards.set(served(0));
    schedulers.stream().skip(1).forEach(Member::start);
    workers.forEach(Member::start);
    awaitShards();
  }

  private void awaitAll(String what, BooleanSupplier condition) throws InterruptedException {
    Deadline deadline = Deadline.after(START, System::nanoTime);
    while (!condition.getAsBoolean()) {
      for (Member member : members()) {
        member.requireAlive();
      }
      if (deadline.passed()) {
        throw new CheckStopped(
            "Expected %s within %s; the output of the processes is in %s"
                .formatted(what, Console.time(START), directory));
      }
      Pause.real().of(LOOK_EVERY);
    }
  }

  private boolean haveAll() {
    return IntStream.range(0, schedulers.size()).allMatch(node -> served(node) > 0);
  }

  private int served() {
    int sum = 0;
    for (int node = 0; node < schedulers.size(); node++) {
      sum += served(node);
    }
    return sum;
  }

  /** How many shards a scheduler serves; 0 if it is not ready. */
  private int served(int node) {
    try {
      if (clients.get(node).get("/readyz") instanceof Answer.Got(int status, String body)
          && status == 200) {
        Matcher matcher = SHARDS.matcher(body);
        return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
      }
      return 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }

  private List<Member> members() {
    List<Member> members = new ArrayList<>(workers);
    members.addAll(schedulers);
    members.addAll(kafka);
    return members;
  }

  private void abandon() {
    members().forEach(Member::abandon);
  }

  private Member member(String name, String jvm, List<String> command) {
    Map<String, String> all = new HashMap<>();
    all.put("KANAL_JAVA_OPTS", jvm);
    if (!name.startsWith("kafka")) {
      all.put("KANAL_KAFKA_BOOTSTRAP", bootstrap());
    }
    return new Member(name, command, all, directory.resolve(name + ".log"));
  }

  private void brokers(String launcher, Layout layout) {
    if (layout.brokers() == 0) {
      int port = freePort();
      kafkaPorts.add(port);
      kafka.add(
          member(
              "kafka",
              layout.jvm(),
              List.of(launcher, "kafka", path("kafka"), String.valueOf(port))));
      return;
    }
    List<String> ports = new ArrayList<>();
    for (int node = 0; node < layout.brokers(); node++) {
      int port = freePort();
      kafkaPorts.add(port);
      ports.add(port + ":" + freePort());
    }
    for (int node = 0; node < layout.brokers(); node++) {
      String name = "kafka-" + node;
      kafka.add(
          member(
              name,
              layout.jvm(),
              List.of(
                  launcher, "kafka", path(name), String.valueOf(node), String.join(",", ports))));
    }
  }

  private String path(String name) {
    return directory.resolve(name).toString();
  }

  private static boolean listens(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  /** Of this machine's loopback. */
  public static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new CheckStopped("Expected a free port, but: " + e.getMessage());
    }
  }
}
