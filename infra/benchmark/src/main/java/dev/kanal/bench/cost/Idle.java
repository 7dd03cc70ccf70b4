package dev.kanal.bench.cost;

import dev.kanal.bench.kanal.Jobs;
import dev.kanal.bench.kanal.Server;
import dev.kanal.bench.run.Contender;
import dev.kanal.bench.run.Measures;
import dev.kanal.bench.run.Trial;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Nothing to do.
 *
 * @param queues that have had jobs
 */
record Idle(int queues) implements Contender.Run {
  private static final int JOBS_EACH = 100;
  private static final double KIB_PER_MIB = 1_024;
  private static final Pattern RESIDENT = Pattern.compile("(?m)^VmRSS:\\s+(\\d+) kB$");

  @Override
  public Measures of(Trial trial) throws Exception {
    Duration quiet = Duration.ofSeconds(trial.size(20, 5));
    Duration time = Duration.ofSeconds(trial.size(30, 5));
    try (Server server = Server.up(trial.directory())) {
      for (int queue = 0; queue < queues; queue++) {
        Jobs jobs = new Jobs(server, "queue-" + queue);
        jobs.awaitSucceeded(jobs.submit(JOBS_EACH, ""));
      }
      LockSupport.parkNanos(quiet.toNanos());
      Use before = Use.of(server);
      long begun = System.nanoTime();
      LockSupport.parkNanos(time.toNanos());
      Use used = Use.of(server).since(before);
      double seconds = (System.nanoTime() - begun) / 1e9;
      return Cost.perSecond(used, seconds)
          .put(Cost.RESIDENT, residentMib(server.pid()))
          .put(Cost.THREADS, server.threads().size());
    }
  }

  private static double residentMib(long pid) throws IOException {
    Matcher found =
        RESIDENT.matcher(Files.readString(Path.of("/proc", Long.toString(pid), "status")));
    if (!found.find()) {
      throw new IOException("Expected the resident memory of process " + pid);
    }
    return Long.parseLong(found.group(1)) / KIB_PER_MIB;
  }
}
