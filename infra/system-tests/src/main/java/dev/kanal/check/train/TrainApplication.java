package dev.kanal.check.train;

import dev.kanal.check.CheckApplication;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Trains a Kanal: starts the command that its arguments are, which prints where it is ready, lets
 * it run some ten thousand jobs, and ends it. What it and the checks print goes to the standard
 * output.
 */
public final class TrainApplication {
  private static final String READY = "Kanal is ready: ";

  /** One trace in twenty: enough to learn how they are sent, and jobs without are the rule. */
  private static final String KEPT_TRACES = "0.05";

  /** Jobs in bulk, and jobs of every kind that come one by one. */
  private static final List<List<String>> LESSONS =
      List.of(
          List.of("--jobs", "30000"),
          List.of("--mixed", "--jobs", "4000", "--over", "15s", "--queue", "mixed"));

  /** A JVM that writes down what it has learnt takes its time to end. */
  private static final long END_S = 300;

  private static final long READY_S = 120;

  private TrainApplication() {}

  public static void main(String[] command) throws IOException, InterruptedException {
    CheckApplication.setUpLog();
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    System.exit(train(List.of(command), out));
  }

  /** Returns 0 if all lessons were passed and the command ended in time. */
  static int train(List<String> command, PrintWriter out) throws IOException, InterruptedException {
    try (TraceSink sink = new TraceSink()) {
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.environment().put("OTEL_EXPORTER_OTLP_ENDPOINT", sink.url());
      builder.environment().put("OTEL_TRACES_SAMPLER", "parentbased_traceidratio");
      builder.environment().put("OTEL_TRACES_SAMPLER_ARG", KEPT_TRACES);
      Process trainee = builder.start();
      Runtime.getRuntime().addShutdownHook(new Thread(trainee::destroyForcibly));
      try {
        CompletableFuture<@Nullable String> url = new CompletableFuture<>();
        Thread reader = Thread.ofPlatform().start(() -> read(trainee, url, out));
        String ready = url.completeOnTimeout(null, READY_S, TimeUnit.SECONDS).join();
        int failed = ready == null ? 1 : teach(ready, out);
        boolean ended = end(trainee);
        reader.join();
        return ended ? failed : 1;
      } finally {
        trainee.destroyForcibly();
      }
    }
  }

  /** Asks it to end, and reads on what it prints meanwhile; false if it does not end in time. */
  static boolean end(Process trainee) throws InterruptedException {
    // Process.destroy would close what is read, and a JVM that cannot print writes nothing down.
    trainee.toHandle().destroy();
    boolean ended = trainee.waitFor(END_S, TimeUnit.SECONDS);
    if (!ended) {
      trainee.destroyForcibly();
    }
    return ended;
  }

  /**
   * @param url becomes where it is ready, or null if it ends before
   */
  private static void read(
      Process trainee, CompletableFuture<@Nullable String> url, PrintWriter out) {
    try (BufferedReader printed = trainee.inputReader(StandardCharsets.UTF_8)) {
      for (String line = printed.readLine(); line != null; line = printed.readLine()) {
        out.println(line);
        if (line.startsWith(READY)) {
          url.complete(line.substring(READY.length()).trim());
        }
      }
    } catch (IOException e) {
      out.println("What it prints cannot be read any more: " + e.getMessage());
    } finally {
      url.complete(null);
    }
  }

  /** Returns how many lessons were not passed. */
  private static int teach(String url, PrintWriter out) {
    int failed = 0;
    for (List<String> lesson : LESSONS) {
      List<String> arguments = new ArrayList<>(lesson);
      arguments.addAll(List.of("--url", url));
      failed += CheckApplication.run(out, out, arguments.toArray(String[]::new));
    }
    return failed;
  }
}
