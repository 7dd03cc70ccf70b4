package dev.kanal.common.telemetry;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.LongUpDownCounter;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableDoubleMeasurement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Makes the instruments of {@link Metric}s, and only those. Observations go on until this is
 * closed. Usable from any thread.
 */
public final class Meters implements AutoCloseable {
  private final Meter meter;
  private final List<AutoCloseable> observed = new ArrayList<>(); // guarded by itself

  public Meters(Telemetry telemetry) {
    this.meter = telemetry.meter();
  }

  public LongCounter counter(Metric metric) {
    expect(metric, Metric.Kind.COUNTER);
    return meter
        .counterBuilder(metric.text())
        .setUnit(metric.unit())
        .setDescription(metric.meaning())
        .build();
  }

  public LongUpDownCounter upDown(Metric metric) {
    expect(metric, Metric.Kind.UP_DOWN);
    return meter
        .upDownCounterBuilder(metric.text())
        .setUnit(metric.unit())
        .setDescription(metric.meaning())
        .build();
  }

  /** In seconds. */
  public DoubleHistogram histogram(Metric metric) {
    expect(metric, Metric.Kind.HISTOGRAM);
    return meter
        .histogramBuilder(metric.text())
        .setUnit(metric.unit())
        .setDescription(metric.meaning())
        .setExplicitBucketBoundariesAdvice(Metric.SECONDS)
        .build();
  }

  /**
   * A gauge, or a counter that is kept elsewhere.
   *
   * @param look provides the values; must not block
   */
  public void observe(Metric metric, Consumer<Observed> look) {
    Series series = new Series(metric);
    AutoCloseable instrument =
        switch (metric.kind()) {
          case GAUGE ->
              meter
                  .gaugeBuilder(metric.text())
                  .setUnit(metric.unit())
                  .setDescription(metric.meaning())
                  .buildWithCallback(to -> look.accept(new Observed(series, to)));
          case COUNTER ->
              meter
                  .counterBuilder(metric.text())
                  .ofDoubles()
                  .setUnit(metric.unit())
                  .setDescription(metric.meaning())
                  .buildWithCallback(to -> look.accept(new Observed(series, to)));
          case UP_DOWN, HISTOGRAM ->
              throw new IllegalArgumentException(
                  "Expected a gauge or a counter, but got " + metric);
        };
    synchronized (observed) {
      observed.add(instrument);
    }
  }

  @Override
  public void close() {
    synchronized (observed) {
      for (AutoCloseable each : observed) {
        try {
          each.close();
        } catch (Exception e) {
          throw new IllegalStateException("Expected an instrument to close, but it did not", e);
        }
      }
      observed.clear();
    }
  }

  private static void expect(Metric metric, Metric.Kind kind) {
    if (metric.kind() != kind) {
      throw new IllegalArgumentException("Expected a " + kind + ", but got " + metric);
    }
  }

  /** Where an observation puts its values. */
  public record Observed(Series series, ObservableDoubleMeasurement to) {
    /** A count, or one of bytes. */
    public void put(long value, String... labels) {
      put((double) value, labels);
    }

    /** The value of a series: with a text for each label, in their order. */
    public void put(double value, String... labels) {
      to.record(value, series.of(labels));
    }
  }

  /** The series of one metric. Usable from any thread. */
  public static final class Series {
    private final List<Label> labels;
    private final Map<List<String>, Attributes> known = new ConcurrentHashMap<>();

    public Series(Metric metric) {
      this.labels = metric.labels();
    }

    /**
     * With a text for each label, in their order; names without a bound must go through {@link
     * BoundedNames}.
     */
    public Attributes of(String... texts) {
      List<String> key = List.of(texts);
      Attributes found = known.get(key);
      return found == null ? known.computeIfAbsent(key, this::make) : found;
    }

    private Attributes make(List<String> texts) {
      if (texts.size() != labels.size()) {
        throw new IllegalArgumentException(
            "Expected texts for " + labels + ", but got " + texts.size());
      }
      AttributesBuilder all = Attributes.builder();
      for (int i = 0; i < texts.size(); i++) {
        all.put(labels.get(i).key(), texts.get(i));
      }
      return all.build();
    }
  }
}
