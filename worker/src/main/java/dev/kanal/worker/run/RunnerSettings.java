package dev.kanal.worker.run;

import dev.kanal.worker.Interceptor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How handlers are run.
 *
 * @param resultLimit the largest result in bytes of JSON
 * @param stubborn how long after its interrupt a handler that still runs is reported as still
 *     running
 * @param progressEvery the least time between two sends of progress; zero: each report is sent
 * @param json reads payloads and writes results
 * @param interceptors go around handlers, the outermost first
 */
public record RunnerSettings(
    int resultLimit,
    Duration stubborn,
    Duration progressEvery,
    Json json,
    List<Interceptor> interceptors) {
  static final int DEFAULT_RESULT_LIMIT = 256 * 1024;
  public static final RunnerSettings DEFAULT =
      new RunnerSettings(
          DEFAULT_RESULT_LIMIT,
          Duration.ofSeconds(1),
          Duration.ofSeconds(1),
          Json.DEFAULT,
          List.of());

  public RunnerSettings {
    interceptors = List.copyOf(interceptors);
  }

  public RunnerSettings withResultLimit(int bytes) {
    return new RunnerSettings(bytes, stubborn, progressEvery, json, interceptors);
  }

  public RunnerSettings withProgressEvery(Duration time) {
    return new RunnerSettings(resultLimit, stubborn, time, json, interceptors);
  }

  public RunnerSettings withJson(Json other) {
    return new RunnerSettings(resultLimit, stubborn, progressEvery, other, interceptors);
  }

  public RunnerSettings plus(Interceptor inner) {
    List<Interceptor> more = new ArrayList<>(interceptors);
    more.add(inner);
    return new RunnerSettings(resultLimit, stubborn, progressEvery, json, more);
  }
}
