package dev.kanal.scheduler.api.queues;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.kanal.common.unit.Durations;
import dev.kanal.scheduler.api.counts.LagSeries;
import dev.kanal.scheduler.api.http.Answers;
import dev.kanal.scheduler.api.json.Quoted;
import dev.kanal.scheduler.api.problem.Problem;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Which points of a series are asked for.
 *
 * @param last how far back
 */
record SeriesQuery(String step, Duration last) {
  static final Set<String> NAMES = Set.of("step", "last");

  private static final String FINE = "1s";
  private static final String COARSE = "10s";
  private static final Duration FINE_MOST = Duration.ofSeconds(LagSeries.FINE);
  private static final Duration COARSE_MOST =
      Duration.ofSeconds((long) LagSeries.COARSE * LagSeries.COARSE_SECONDS);

  /** What the request asks for; null if it was refused. */
  static @Nullable SeriesQuery of(HttpServerRequest request) {
    String step = request.getParam("step", FINE);
    if (!step.equals(FINE) && !step.equals(COARSE)) {
      Answers.problem(
          request,
          Problem.malformedQuery("Expected 1s or 10s as step, but got " + Quoted.of(step)));
      return null;
    }
    Duration most = step.equals(FINE) ? FINE_MOST : COARSE_MOST;
    Duration last = last(request.getParam("last"), most);
    if (last == null) {
      Answers.problem(
          request, Problem.malformedQuery("Expected a duration from PT1S to " + most + " as last"));
      return null;
    }
    return new SeriesQuery(step, last);
  }

  /** Whether points are a second apart. */
  boolean fine() {
    return step.equals(FINE);
  }

  /** Writes the fields that every series begins with, into an object that is open. */
  <T> void writeTimes(JsonGenerator out, List<T> points, ToDoubleFunction<T> atMs)
      throws IOException {
    out.writeStringField("step", step);
    out.writeArrayFieldStart("times");
    for (T point : points) {
      out.writeNumber(atMs.applyAsDouble(point) / 1_000.0);
    }
    out.writeEndArray();
  }

  /** A column; what is no number becomes null. */
  static <T> void writeColumn(
      JsonGenerator out, String name, List<T> points, ToDoubleFunction<T> value)
      throws IOException {
    out.writeArrayFieldStart(name);
    for (T point : points) {
      double number = Math.round(value.applyAsDouble(point) * 1_000) / 1_000.0;
      if (Double.isNaN(value.applyAsDouble(point))) {
        out.writeNull();
      } else if (number == Math.rint(number)) {
        out.writeNumber((long) number);
      } else {
        out.writeNumber(number);
      }
    }
    out.writeEndArray();
  }

  private static @Nullable Duration last(@Nullable String text, Duration most) {
    if (text == null) {
      return most;
    }
    try {
      Duration last = Durations.parse(text);
      return last.compareTo(Duration.ofSeconds(1)) < 0 || last.compareTo(most) > 0 ? null : last;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
