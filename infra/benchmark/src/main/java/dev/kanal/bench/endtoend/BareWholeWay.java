package dev.kanal.bench.endtoend;

import dev.kanal.bench.bare.BarePrototype;
import dev.kanal.bench.run.Contender;
import dev.kanal.bench.run.Measures;
import dev.kanal.bench.run.Trial;
import java.io.IOException;
import java.time.Duration;

/** The limit: from the first command until the last job's state is its end. */
final class BareWholeWay implements Contender.Run {
  private static final Duration LONGEST = Duration.ofMinutes(10);

  @Override
  public Measures of(Trial trial) throws Exception {
    return of(trial, EndToEnd.warmUp(trial), EndToEnd.jobs(trial));
  }

  static Measures of(Trial trial, int warmUp, int jobs) throws Exception {
    try (BarePrototype bare = BarePrototype.start(trial.directory(), _ -> {})) {
      return Way.measure(new InProcess(bare), warmUp, jobs);
    }
  }

  private record InProcess(BarePrototype bare) implements Way {
    @Override
    public long submit(int count) {
      bare.submit(count);
      return count;
    }

    @Override
    public void awaitEnd(long count) throws IOException {
      bare.awaitDone(count, LONGEST);
    }

    @Override
    public double cpuSeconds() {
      return Way.ownCpuSeconds();
    }
  }
}
