package dev.kanal.standalone;

import java.io.PrintStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * How a program ends: by a signal, by a problem at start, or at once. The first way taken counts.
 * Usable from any thread.
 */
final class Lifetime {
  private static final int STOPPED = 0;
  private static final int FAILED = 1;

  private final PrintStream out;
  private final PrintStream err;
  private final Running running = new Running();
  private final AtomicBoolean ending = new AtomicBoolean();

  Lifetime(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  Running running() {
    return running;
  }

  /** From now on a signal stops what runs, also during the start. */
  void stopOnSignal() {
    Runtime.getRuntime()
        .addShutdownHook(Thread.ofPlatform().name("kanal-stop").unstarted(this::stop));
  }

  /** Blocks forever: other threads end what runs. */
  void awaitSignal() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Stops what runs and ends the process, a line for each problem. */
  void fail(Iterable<String> problems) {
    if (ending.compareAndSet(false, true)) {
      problems.forEach(this::complain);
      running.close();
      System.exit(FAILED);
    }
  }

  /** Stops what runs and ends the process: all is done. */
  void finish() {
    if (ending.compareAndSet(false, true)) {
      out.println("Stopping: drained");
      running.close();
      out.println("Stopped");
      System.exit(0);
    }
  }

  /** Ends the process without stopping anything, for when stopping would only wait. */
  void die(String problem) {
    if (ending.compareAndSet(false, true)) {
      complain(problem);
      Runtime.getRuntime().halt(FAILED);
    }
  }

  /** A stop that was asked for is no failure; left to itself, the JVM would end with 143. */
  private void stop() {
    if (ending.compareAndSet(false, true)) {
      out.println("Stopping");
      running.close();
      out.println("Stopped");
      out.flush();
      Runtime.getRuntime().halt(STOPPED);
    }
  }

  private void complain(String problem) {
    err.println("kanal: " + problem.strip().replaceAll("\\s*\\R\\s*", " "));
  }
}
