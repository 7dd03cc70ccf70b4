package dev.kanal.bench.endtoend;

import dev.kanal.bench.bare.BarePrototype;
import dev.kanal.bench.run.Contender;
import dev.kanal.bench.run.Measures;
import dev.kanal.bench.run.Trial;
import java.time.Duration;

/** The limit: from the first command until the last job's state is its end. */
final class BareWholeWay implements Contender.Run {
  private static final Duration LONGEST = Duration.ofMinutes(10);

  @Override
  public Measures of(Trial trial) throws Exception {
    return of(trial, EndToEnd.warmUp(trial), EndToEnd.jobs(trial));
  }

  static Measures of(Trial trial, long warmUp, long jobs) throws Exception {
    try (BarePrototype bare = BarePrototype.start(trial.directory())) {
      bare.submit(warmUp);
      bare.awaitDone(warmUp, LONGEST);
      long begun = System.nanoTime();
      bare.submit(jobs);
      double submitSeconds = (System.nanoTime() - begun) / 1e9;
      bare.awaitDone(warmUp + jobs, LONGEST);
      double seconds = (System.nanoTime() - begun) / 1e9;
      return new Measures()
          .put(EndToEnd.RATE, jobs / seconds)
          .put(EndToEnd.SUBMIT, jobs / submitSeconds);
    }
  }
}
