package dev.kanal.docker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks, one after the other, for as long as something is done to the system. However fast the
 * machine is, jobs are under way all the time.
 */
final class Load {
  private static final Logger log = LoggerFactory.getLogger(Load.class);
  private static final Duration CHECK_WITHIN = Duration.ofMinutes(6);

  private final Stack stack;
  private final int jobsOfACheck;
  private final AtomicBoolean enough = new AtomicBoolean();
  private final CompletableFuture<List<Command.Ended>> checks = new CompletableFuture<>();

  private Load(Stack stack, int jobsOfACheck) {
    this.stack = stack;
    this.jobsOfACheck = jobsOfACheck;
  }

  static Load start(Stack stack, int jobsOfACheck) {
    Load load = new Load(stack, jobsOfACheck);
    Thread.ofVirtual().name("load").start(load::run);
    return load;
  }

  /** Starts no further check, waits for the one that runs, and returns how all of them ended. */
  List<Command.Ended> end() throws InterruptedException {
    enough.set(true);
    try {
      return checks.get(CHECK_WITHIN.toMinutes() + 2, TimeUnit.MINUTES);
    } catch (ExecutionException | TimeoutException e) {
      throw new AssertionError("Expected the checks to end", e);
    }
  }

  private void run() {
    List<Command.Ended> ended = new ArrayList<>();
    try {
      do {
        Command.Ended check = stack.check(jobsOfACheck, CHECK_WITHIN);
        ended.add(check);
        check.lines().stream().filter(Load::isTelling).forEach(line -> log.info("  {}", line));
      } while (!enough.get() && ended.getLast().status() == 0);
      checks.complete(ended);
    } catch (InterruptedException | AssertionError e) {
      checks.completeExceptionally(e);
    }
  }

  private static boolean isTelling(String line) {
    return line.startsWith("run by ")
        || line.startsWith("server ")
        || line.startsWith("finished, ")
        || line.startsWith("duplicate ")
        || line.startsWith("lines resubmitted")
        || line.startsWith("check ");
  }
}
