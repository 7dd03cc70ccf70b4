package dev.kanal.scheduler.api;

import dev.kanal.scheduler.engine.JobReader.Flow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One queue's lag over time, in memory: a point a second for a quarter of an hour, one every ten
 * seconds for a day. A second in which it was not known has no point. Usable from any thread.
 */
final class LagSeries {
  /** How many points a second apart are kept. */
  static final int FINE = 900;

  /** How many points ten seconds apart are kept. */
  static final int COARSE = 8_640;

  static final int COARSE_SECONDS = 10;

  /** Over what time rates are told. */
  static final Duration RATES_OVER = Duration.ofMinutes(1);

  private final Ring fine = new Ring(FINE);
  private final Ring coarse = new Ring(COARSE);
  private @Nullable Sample before; // guarded by this
  private @Nullable Sample beforeCoarse; // guarded by this

  /**
   * What was counted at a time.
   *
   * @param ageSeconds of the oldest queued job
   */
  record Sample(long atMs, long lag, long inFlight, double ageSeconds, Flow flow) {}

  /**
   * A point of the series.
   *
   * @param arrivalRate jobs a second since the point before
   * @param drainRate jobs a second since the point before
   */
  record Point(
      long atMs,
      long lag,
      long inFlight,
      double ageSeconds,
      double arrivalRate,
      double drainRate) {}

  /** Jobs a second that come and leave. */
  record Rates(double arrival, double drain) {}

  synchronized void add(Sample sample) {
    Sample last = before;
    if (last != null && sample.atMs > last.atMs) {
      fine.add(point(last, sample));
    }
    before = sample;
    Sample lastCoarse = beforeCoarse;
    if (lastCoarse == null) {
      beforeCoarse = sample;
    } else if (sample.atMs - lastCoarse.atMs >= COARSE_SECONDS * 1_000L) {
      coarse.add(point(lastCoarse, sample));
      beforeCoarse = sample;
    }
  }

  /** The points since a time, oldest first, a second or ten apart. */
  synchronized List<Point> since(long fromMs, boolean inSeconds) {
    return (inSeconds ? fine : coarse).since(fromMs);
  }

  /** The rates over the last minute, or what is known of it; null while nothing is. */
  synchronized @Nullable Rates rates(long nowMs) {
    List<Point> points = fine.since(nowMs - RATES_OVER.toMillis());
    if (points.isEmpty()) {
      return null;
    }
    double arrived = 0;
    double drained = 0;
    double seconds = 0;
    long last = points.getFirst().atMs - 1_000;
    for (Point point : points) {
      double lasted = (point.atMs - last) / 1_000.0;
      arrived += point.arrivalRate * lasted;
      drained += point.drainRate * lasted;
      seconds += lasted;
      last = point.atMs;
    }
    return new Rates(arrived / seconds, drained / seconds);
  }

  /** When there was something in the queue, or something happened; 0 if never. */
  synchronized long activeMs() {
    Sample last = before;
    if (last != null && last.lag + last.inFlight > 0) {
      return last.atMs;
    }
    return fine.points().stream()
        .filter(point -> point.lag + point.inFlight > 0 || point.arrivalRate > 0)
        .mapToLong(Point::atMs)
        .max()
        .orElse(0);
  }

  private static Point point(Sample last, Sample sample) {
    double seconds = (sample.atMs - last.atMs) / 1_000.0;
    double arrived = (double) (sample.flow.arrived() - last.flow.arrived());
    double drained = (double) (sample.flow.drained() - last.flow.drained());
    return new Point(
        sample.atMs,
        sample.lag,
        sample.inFlight,
        sample.ageSeconds,
        Math.max(0, arrived) / seconds,
        Math.max(0, drained) / seconds);
  }

  /** The newest points, in arrays that grow as they fill. */
  private static final class Ring {
    private static final int FIRST = 64;

    private final int capacity;
    private long[] at = new long[FIRST];
    private int[] lag = new int[FIRST];
    private int[] inFlight = new int[FIRST];
    private float[] age = new float[FIRST];
    private float[] arrival = new float[FIRST];
    private float[] drain = new float[FIRST];
    private int first;
    private int size;

    Ring(int capacity) {
      this.capacity = capacity;
    }

    void add(Point point) {
      int place = first;
      if (size < capacity) {
        place = size++;
        if (size > at.length) {
          grow(Math.min(capacity, at.length * 2));
        }
      } else {
        first = (first + 1) % capacity;
      }
      at[place] = point.atMs;
      lag[place] = Math.clamp(point.lag, 0, Integer.MAX_VALUE);
      inFlight[place] = Math.clamp(point.inFlight, 0, Integer.MAX_VALUE);
      age[place] = (float) point.ageSeconds;
      arrival[place] = (float) point.arrivalRate;
      drain[place] = (float) point.drainRate;
    }

    List<Point> points() {
      return since(Long.MIN_VALUE);
    }

    List<Point> since(long fromMs) {
      List<Point> points = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        int place = (first + i) % capacity;
        if (at[place] >= fromMs) {
          points.add(
              new Point(
                  at[place],
                  lag[place],
                  inFlight[place],
                  age[place],
                  arrival[place],
                  drain[place]));
        }
      }
      return points;
    }

    private void grow(int length) {
      at = Arrays.copyOf(at, length);
      lag = Arrays.copyOf(lag, length);
      inFlight = Arrays.copyOf(inFlight, length);
      age = Arrays.copyOf(age, length);
      arrival = Arrays.copyOf(arrival, length);
      drain = Arrays.copyOf(drain, length);
    }
  }
}
