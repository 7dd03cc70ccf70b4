package dev.kanal.scheduler.api.counts;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.kanal.scheduler.engine.query.JobReader.Flow;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One queue's lag over time, in memory: a point a second for a quarter of an hour, one every ten
 * seconds for a day. A second in which it was not known has no point. Usable from any thread.
 */
public final class LagSeries {
  /** How many points a second apart are kept. */
  public static final int FINE = 900;

  /** How many points ten seconds apart are kept. */
  public static final int COARSE = 8_640;

  public static final int COARSE_SECONDS = 10;

  private static final int COLUMNS = 6;

  /** Over what time rates are measured. */
  static final Duration RATES_OVER = Duration.ofMinutes(1);

  private final SeriesRing fine = new SeriesRing(FINE, COLUMNS);
  private final SeriesRing coarse = new SeriesRing(COARSE, COLUMNS);

  @GuardedBy("this")
  private @Nullable Sample before;

  @GuardedBy("this")
  private @Nullable Sample beforeCoarse;

  /**
   * What was counted at a time.
   *
   * @param ageSeconds of the oldest queued job
   */
  record Sample(long atMs, long lag, long inFlight, double ageSeconds, Flow flow) {}

  /**
   * A point of the series.
   *
   * @param arrivalRate new jobs a second since the point before
   * @param drainRate jobs a second that left the channel since the point before
   * @param cameRate jobs a second that came to the channel since the point before, again with each
   *     retry
   */
  public record Point(
      long atMs,
      long lag,
      long inFlight,
      double ageSeconds,
      double arrivalRate,
      double drainRate,
      double cameRate) {}

  /**
   * Jobs a second.
   *
   * @param arrival that are new
   * @param drain that leave the channel
   * @param came that come to the channel, again with each retry
   */
  public record Rates(double arrival, double drain, double came) {}

  synchronized void add(Sample sample) {
    Sample last = before;
    if (last != null && sample.atMs > last.atMs) {
      fine.add(row(last, sample));
    }
    before = sample;
    Sample lastCoarse = beforeCoarse;
    if (lastCoarse == null || sample.atMs < lastCoarse.atMs) {
      beforeCoarse = sample; // the first, or the wall clock was set back
    } else if (sample.atMs - lastCoarse.atMs >= COARSE_SECONDS * 1_000L) {
      coarse.add(row(lastCoarse, sample));
      beforeCoarse = sample;
    }
  }

  /** The points since a time, oldest first, a second or ten apart. */
  public synchronized List<Point> since(long fromMs, boolean inSeconds) {
    return (inSeconds ? fine : coarse).since(fromMs).stream().map(LagSeries::point).toList();
  }

  /** The rates over the last minute, or what is known of it; null while nothing is. */
  synchronized @Nullable Rates rates(long nowMs) {
    List<Point> points = since(nowMs - RATES_OVER.toMillis(), true);
    if (points.isEmpty()) {
      return null;
    }
    double arrived = 0;
    double drained = 0;
    double came = 0;
    double seconds = 0;
    long last = points.getFirst().atMs - 1_000;
    for (Point point : points) {
      double lasted = Math.max(0, point.atMs - last) / 1_000.0;
      arrived += point.arrivalRate * lasted;
      drained += point.drainRate * lasted;
      came += point.cameRate * lasted;
      seconds += lasted;
      last = point.atMs;
    }
    return seconds == 0 ? null : new Rates(arrived / seconds, drained / seconds, came / seconds);
  }

  /** When there was something in the queue, or something happened; 0 if never. */
  synchronized long activeMs() {
    Sample last = before;
    if (last != null && last.lag + last.inFlight > 0) {
      return last.atMs;
    }
    return since(Long.MIN_VALUE, true).stream()
        .filter(point -> point.lag + point.inFlight > 0 || point.cameRate > 0)
        .mapToLong(Point::atMs)
        .max()
        .orElse(0);
  }

  private static SeriesRing.Row row(Sample last, Sample sample) {
    double seconds = (sample.atMs - last.atMs) / 1_000.0;
    long submitted = sample.flow.submitted() - last.flow.submitted();
    long drained = sample.flow.drained() - last.flow.drained();
    long came = sample.flow.arrived() - last.flow.arrived();
    return new SeriesRing.Row(
        sample.atMs,
        sample.lag,
        sample.inFlight,
        (float) sample.ageSeconds,
        (float) (Math.max(0, submitted) / seconds),
        (float) (Math.max(0, drained) / seconds),
        (float) (Math.max(0, came) / seconds));
  }

  private static Point point(SeriesRing.Row row) {
    return new Point(
        row.atMs(),
        (long) row.value(0),
        (long) row.value(1),
        row.value(2),
        row.value(3),
        row.value(4),
        row.value(5));
  }
}
