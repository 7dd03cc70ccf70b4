package dev.kanal.bench.timers;

import dev.kanal.bench.kanal.Jobs;
import dev.kanal.bench.kanal.Latencies;
import dev.kanal.bench.kanal.Probes;
import dev.kanal.bench.kanal.Server;
import dev.kanal.bench.run.Contender;
import dev.kanal.bench.run.Measures;
import dev.kanal.bench.run.Trial;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Jobs that are due one after the other, beside those that wait.
 *
 * @param waiting how many wait
 * @param scaledDown how many in a quick run
 */
record TimersTrial(int waiting, int scaledDown) implements Contender.Run {
  private static final int PER_SECOND = 500;
  private static final int WARM_UP = 1_000;

  @Override
  public Measures of(Trial trial) throws Exception {
    try (Server server = Server.up(trial.directory())) {
      var _ = late(server, WARM_UP);
      long diskBefore = bytes(trial.directory());
      long begun = System.nanoTime();
      Jobs jobs = new Jobs(server, "waiting");
      long sent = jobs.submit(trial.size(waiting, scaledDown), ",\"delay\":\"3h\"");
      double seconds = (System.nanoTime() - begun) / 1e9;
      jobs.awaitScheduled(sent);
      Latencies.Summary late = late(server, PER_SECOND * trial.size(20, 5));
      return new Measures()
          .put(Timers.P50, late.p50())
          .put(Timers.P99, late.p99())
          .put(Timers.MAX, late.max())
          .put(Timers.HEAP, server.heapBytes() / (double) (1 << 20))
          .put(Timers.DISK, (bytes(trial.directory()) - diskBefore) / (double) sent)
          .put(Timers.ACCEPT, sent / seconds);
    }
  }

  /** On a connection of its own: one that is idle for a minute is closed. */
  private static Latencies.Summary late(Server server, int probes)
      throws IOException, InterruptedException {
    try (Probes each = new Probes(server.address())) {
      return each.dueAt(PER_SECOND, probes);
    }
  }

  /** Of all files but the indexes of the broker, which are made long and filled later. */
  private static long bytes(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(Files::isRegularFile).mapToLong(TimersTrial::size).sum();
    }
  }

  private static long size(Path file) {
    try {
      return file.toString().endsWith("index") ? 0 : Files.size(file);
    } catch (NoSuchFileException e) {
      // It was merged into another meanwhile.
      return 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
