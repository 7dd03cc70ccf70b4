package dev.kanal.check.workers;

import dev.kanal.check.load.Submission;
import dev.kanal.check.promise.Promise;
import dev.kanal.check.promise.PromiseTally;
import dev.kanal.check.promise.Verdict;
import dev.kanal.check.server.Console;
import dev.kanal.check.server.Pause;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Very many sleeping jobs in one worker, all at once. */
final class SleepersCheck {
  private static final Duration SLEEP = Duration.ofSeconds(30);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
  private static final String QUEUE = "sleepers";

  /** Of each generation of the serial collector. */
  private static final Pattern USED =
      Pattern.compile("(?:DefNew|Tenured) +total \\w+, used (\\d+)K");

  private final PromiseTally together = new PromiseTally("all of them run at once");
  private final PromiseTally all = new PromiseTally("every job succeeds");
  private final Scene scene;

  SleepersCheck(Scene scene) {
    this.scene = scene;
  }

  Verdict run(int jobs) throws InterruptedException {
    Console console = scene.console();
    Submission warm = scene.submit(new SleepJobs(1_000, QUEUE, Duration.ofMillis(1)));
    scene.awaitEnd(QUEUE);
    long begun = System.nanoTime();
    Submission submission = scene.submit(new SleepJobs(jobs, QUEUE, SLEEP));
    long most = 0;
    String memory = "";
    for (long open = jobs; open > 0 && !scene.session().deadline().passed(); ) {
      long running = scene.count(QUEUE, "RUNNING");
      if (running > most) {
        most = running;
        memory = running == jobs ? memory() : memory;
      }
      open = scene.open(QUEUE);
      Pause.real().of(LOOK_EVERY);
    }
    console.say(
        "%s jobs of %s: at most %s at once; %s; all ended %s after the first was submitted"
            .formatted(
                Console.count(jobs),
                Console.time(SLEEP),
                Console.count(most),
                memory.isEmpty() ? memory() + " (at the end)" : memory,
                Console.time(Duration.ofNanos(System.nanoTime() - begun))));
    long atOnce = most;
    together.check(atOnce == jobs, () -> Console.count(atOnce) + " of " + Console.count(jobs));
    long succeeded = scene.count(QUEUE, "SUCCEEDED") - warm.accepted().size();
    all.check(succeeded == jobs, () -> Console.count(succeeded) + " did");
    List<Promise> promises = new ArrayList<>(submission.promises());
    promises.addAll(List.of(together.toPromise(), all.toPromise()));
    return scene.report(promises);
  }

  /**
   * Of the worker: its heap as reported by the JVM, its threads and memory as reported by the
   * kernel.
   */
  private String memory() throws InterruptedException {
    long pid = scene.cluster().workerPid(0);
    return "worker: heap %s, %s".formatted(heap(pid), kernel(pid));
  }

  private static String heap(long pid) throws InterruptedException {
    try {
      String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
      Process process = new ProcessBuilder(jcmd, Long.toString(pid), "GC.heap_info").start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      process.waitFor();
      Matcher used = USED.matcher(output);
      long kib = 0;
      while (used.find()) {
        kib += Long.parseLong(used.group(1));
      }
      return "%d MiB used".formatted(kib / 1_024);
    } catch (IOException e) {
      return "unknown: " + e.getMessage();
    }
  }

  private static String kernel(long pid) {
    try (var lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
      return lines
          .filter(line -> line.startsWith("Threads") || line.startsWith("VmRSS"))
          .map(line -> line.replaceAll("\\s+", " "))
          .sorted()
          .reduce((one, other) -> one + ", " + other)
          .orElse("");
    } catch (IOException e) {
      return "threads unknown";
    }
  }
}
