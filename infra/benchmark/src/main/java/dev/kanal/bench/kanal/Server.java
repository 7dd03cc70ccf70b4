package dev.kanal.bench.kanal;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kanal.bench.http.Exchange;
import dev.kanal.bench.run.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A process of Kanal, with all or some of its parts, as {@code ./kanal} starts it after {@code
 * ./kanal build}. Belongs to one thread.
 */
public final class Server implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(90);
  private static final Duration LOOK_EVERY = Duration.ofMillis(5);
  private static final String RECORDING = "kanal";
  private static final Duration STOP = Duration.ofSeconds(20);

  /** The heap as a whole, or its generations, as the collector has it. */
  private static final Pattern HEAP_USED =
      Pattern.compile("(?m)^ *(?:garbage-first heap|\\w+Gen) .*?used (\\d+)K");

  private static final Pattern RESIDENT = Pattern.compile("(?m)^VmRSS:\\s+(\\d+) kB$");

  private final Process process;
  private final InetSocketAddress address;

  private Server(Process process, InetSocketAddress address) {
    this.process = process;
    this.address = address;
  }

  /**
   * {@code ./kanal up} with its defaults, and a no-op handler beside the built-in ones; ready when
   * this returns.
   */
  public static Server up(Path directory, String... settings) throws IOException {
    return up(directory, Map.of(), settings);
  }

  /**
   * The same with more variables in its environment.
   *
   * @param variables such as {@code OTEL_*}
   */
  public static Server up(Path directory, Map<String, String> variables, String... settings)
      throws IOException {
    List<String> arguments = new ArrayList<>(List.of(settings));
    int port = Ports.free();
    arguments.add("--data=" + directory.resolve("kanal"));
    arguments.add("--http.port=" + port);
    Server server =
        new Server(
            spawn("up", withHandlers(arguments), variables),
            new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    server.awaitReady();
    return server;
  }

  private static Process spawn(String role, List<String> settings, Map<String, String> variables)
      throws IOException {
    Path root = root();
    List<String> command = new ArrayList<>(List.of(root.resolve("kanal").toString(), role));
    command.addAll(settings);
    ProcessBuilder builder = new ProcessBuilder(command);
    // The server does not inherit settings of the measuring process, but does inherit options of
    // its JVM.
    builder
        .environment()
        .keySet()
        .removeIf(
            key ->
                key.startsWith("OTEL_")
                    || (key.startsWith("KANAL_") && !key.equals("KANAL_JAVA_OPTS")));
    builder.environment().putAll(variables);
    Process process = builder.inheritIO().start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    return process;
  }

  /** One more worker, which takes its tasks from this server's broker. */
  public Process worker() throws IOException {
    return spawn("worker", withHandlers(List.of(bootstrap())), Map.of());
  }

  /**
   * A worker with the built-in handlers only, which takes its tasks from this server's broker.
   *
   * @param queues the names of those it takes, with commas in between; {@code *} for all
   */
  public Process builtInWorker(String queues) throws IOException {
    return spawn("worker", List.of(bootstrap(), "--worker.queues=" + queues), Map.of());
  }

  /**
   * Returns once {@code count} workers are live.
   *
   * @throws IOException if they are not within 90 s
   */
  public void awaitWorkers(int count) throws IOException {
    long deadline = System.nanoTime() + START.toNanos();
    try (Exchange exchange = new Exchange(address)) {
      for (int live = liveWorkers(exchange); live != count; live = liveWorkers(exchange)) {
        if (System.nanoTime() - deadline > 0) {
          throw new IOException(
              "Expected %d live workers within %s, but found %d".formatted(count, START, live));
        }
        LockSupport.parkNanos(LOOK_EVERY.toNanos());
      }
    }
  }

  /** None also while the server has not read yet which workers exist. */
  private static int liveWorkers(Exchange exchange) throws IOException {
    return new ObjectMapper().readTree(exchange.get("/v1/workers").body()).path("items").size();
  }

  private String bootstrap() throws IOException {
    try (Exchange exchange = new Exchange(address)) {
      return "--kafka.bootstrap="
          + new ObjectMapper()
              .readTree(exchange.get("/readyz").body())
              .path("kafka")
              .path("bootstrap")
              .asText();
    }
  }

  private static Path root() {
    return Path.of(System.getenv().getOrDefault("KANAL_ROOT", "."));
  }

  /** The settings, and the handlers of the benchmarks. */
  private static List<String> withHandlers(List<String> settings) {
    List<String> all = new ArrayList<>(settings);
    all.add("--worker.handlers=" + root().resolve("infra/benchmark/target"));
    return all;
  }

  /** The used heap after a collection, in bytes. */
  public long heapBytes() throws IOException, InterruptedException {
    ask("GC.run");
    Matcher used = HEAP_USED.matcher(ask("GC.heap_info"));
    long kilobytes = used.results().mapToLong(part -> Long.parseLong(part.group(1))).sum();
    if (kilobytes == 0) {
      throw new IOException("Expected to hear of the heap, but did not");
    }
    return kilobytes << 10;
  }

  /** Its memory, as the system has it. */
  public long residentBytes() throws IOException {
    Matcher found =
        RESIDENT.matcher(Files.readString(Path.of("/proc", Long.toString(pid()), "status")));
    if (!found.find()) {
      throw new IOException("Expected the resident memory of process " + pid());
    }
    return Long.parseLong(found.group(1)) << 10;
  }

  /** What each of its threads has used. */
  public List<ThreadUse> threads() throws IOException, InterruptedException {
    return ThreadUse.of(ask("Thread.print"), pid());
  }

  /**
   * Begins a flight recording.
   *
   * @param settings says which events are recorded
   */
  public void startRecording(Path settings) throws IOException, InterruptedException {
    ask("JFR.start", "name=" + RECORDING, "settings=" + settings);
  }

  /** Ends the flight recording, and writes it to {@code file}. */
  public void stopRecording(Path file) throws IOException, InterruptedException {
    String output = ask("JFR.stop", "name=" + RECORDING, "filename=" + file);
    if (!Files.exists(file)) {
      throw new IOException("Expected a flight recording, but found: " + output);
    }
  }

  /** What its broker has counted. */
  public BrokerCounts broker() throws IOException {
    return BrokerCounts.of(pid());
  }

  private String ask(String... command) throws IOException, InterruptedException {
    List<String> whole = new ArrayList<>();
    whole.add(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString());
    whole.add(Long.toString(process.pid()));
    whole.addAll(List.of(command));
    Process asked = new ProcessBuilder(whole).redirectErrorStream(true).start();
    String output = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    asked.waitFor();
    return output;
  }

  public InetSocketAddress address() {
    return address;
  }

  /** The processor time that it has used so far, in seconds. */
  public double cpuSeconds() {
    return process.info().totalCpuDuration().map(used -> used.toMillis() / 1_000.0).orElse(0.0);
  }

  public long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private void awaitReady() throws IOException {
    long deadline = System.nanoTime() + START.toNanos();
    while (!isReady()) {
      if (!process.isAlive() || System.nanoTime() - deadline > 0) {
        throw new IOException("Expected the server to be ready within " + START);
      }
      LockSupport.parkNanos(LOOK_EVERY.toNanos());
    }
  }

  private boolean isReady() {
    try (Exchange exchange = new Exchange(address)) {
      return exchange.get("/readyz").status() == 200;
    } catch (IOException e) {
      return false;
    }
  }
}
