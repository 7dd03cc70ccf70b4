package dev.kanal.check.probe;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.kanal.check.history.Run;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The runs so far. Safe for any thread. */
final class RunLog {
  @GuardedBy("this")
  private final List<Run> ended = new ArrayList<>();

  @GuardedBy("this")
  private final Map<Long, Begun> open = new LinkedHashMap<>();

  @GuardedBy("this")
  private final Map<String, Integer> calls = new HashMap<>();

  @GuardedBy("this")
  private long last;

  private record Begun(Call call, int index, long start) {
    Run run(long number, long end, Run.End how) {
      return new Run(
          number,
          call.job(),
          index,
          call.attempt(),
          call.dispatch(),
          new Run.Span(start, Math.max(start, end)),
          how);
    }
  }

  /** Microseconds since 1970. */
  static long now() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, InstantSource.system().instant());
  }

  /** How many calls of a job there were, and one more now. */
  synchronized int call(String job) {
    return calls.merge(job, 1, Integer::sum) - 1;
  }

  synchronized long begin(Call call, int index, long start) {
    last++;
    open.put(last, new Begun(call, index, start));
    return last;
  }

  synchronized void end(long number, long at, Run.End how) {
    Begun begun = open.remove(number);
    if (begun != null) {
      ended.add(begun.run(number, at, how));
    }
  }

  synchronized List<Run> runs() {
    List<Run> all = new ArrayList<>(ended);
    long now = now();
    open.forEach((number, begun) -> all.add(begun.run(number, now, Run.End.OPEN)));
    return all;
  }
}
