package dev.kanal.worker;

import java.time.Duration;

/**
 * How handlers are run.
 *
 * @param resultLimit the largest result in bytes of JSON
 * @param stubborn a handler that still runs so long after its interrupt is reported without it
 */
record RunnerSettings(int resultLimit, Duration stubborn) {
  static final int DEFAULT_RESULT_LIMIT = 256 * 1024;
  static final RunnerSettings DEFAULT =
      new RunnerSettings(DEFAULT_RESULT_LIMIT, Duration.ofSeconds(1));
}
