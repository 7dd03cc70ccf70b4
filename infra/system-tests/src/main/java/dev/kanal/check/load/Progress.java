package dev.kanal.check.load;

import dev.kanal.check.server.Console;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Prints one line every few seconds until it is closed. */
public final class Progress implements AutoCloseable {
  private static final Duration EVERY = Duration.ofSeconds(5);

  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("check-progress").factory());
  private final ScheduledFuture<?> lines;

  private Progress(Console console, Supplier<String> line) {
    lines =
        thread.scheduleAtFixedRate(
            () -> console.say(line.get()),
            EVERY.toMillis(),
            EVERY.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  public static Progress start(Console console, Supplier<String> line) {
    return new Progress(console, line);
  }

  @Override
  public void close() {
    lines.cancel(false);
    thread.shutdownNow();
  }
}
