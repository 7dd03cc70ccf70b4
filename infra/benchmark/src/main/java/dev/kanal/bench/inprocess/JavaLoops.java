package dev.kanal.bench.inprocess;

import dev.kanal.bench.run.Contender;
import dev.kanal.bench.run.Measures;
import dev.kanal.bench.run.Trial;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** What Kanal and its handlers use: the JDK's own, and Jox. Every loop runs in a JVM of its own. */
final class JavaLoops implements Contender.Run {
  private static final double NANOS = 1e9;

  @Override
  public Measures of(Trial trial) throws Exception {
    Measures measures = new Measures();
    for (Loop loop : Loop.values()) {
      RunResult result = new Runner(options(loop, trial)).runSingle();
      measures.put(loop.column(), NANOS / result.getPrimaryResult().getScore());
    }
    return measures.put(Loop.PARKED, ParkedThreads.bytesEach());
  }

  /** Counts what all threads do in a second. */
  private static Options options(Loop loop, Trial trial) {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include(loop.method().replace(".", "\\.") + "$")
            .mode(Mode.Throughput)
            .timeUnit(TimeUnit.SECONDS)
            .forks(1)
            .shouldFailOnError(true);
    TimeValue time = trial.quick() ? TimeValue.milliseconds(200) : TimeValue.seconds(1);
    return options
        .warmupIterations(trial.size(5, 1))
        .warmupTime(time)
        .measurementIterations(trial.size(5, 2))
        .measurementTime(time)
        .build();
  }
}
