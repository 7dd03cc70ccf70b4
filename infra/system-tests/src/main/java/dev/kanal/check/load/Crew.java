package dev.kanal.check.load;

import dev.kanal.check.server.CheckStopped;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Runs the same work on several virtual threads until all of them have ended. */
public final class Crew {
  private Crew() {}

  /**
   * @throws CheckStopped if one of them did
   */
  public static void run(String name, int size, Callable<Void> work) throws InterruptedException {
    try (ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name(name, 0).factory())) {
      List<Future<Void>> all = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        all.add(threads.submit(work));
      }
      try {
        for (Future<Void> one : all) {
          one.get();
        }
      } catch (ExecutionException e) {
        threads.shutdownNow();
        throw e.getCause() instanceof CheckStopped stopped
            ? stopped
            : new IllegalStateException(
                "Expected " + name + " to end, but it failed", e.getCause());
      } catch (InterruptedException e) {
        threads.shutdownNow();
        throw e;
      }
    }
  }
}
