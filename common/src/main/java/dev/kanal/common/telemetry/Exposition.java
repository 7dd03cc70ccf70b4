package dev.kanal.common.telemetry;

import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * All metrics as text for Prometheus.
 *
 * @param contentType which of its formats it is
 */
public record Exposition(String contentType, String text) {
  static final Exposition EMPTY = new Exposition(PrometheusTextFormatWriter.CONTENT_TYPE, "");

  private static final int EXPECTED_BYTES = 64 * 1024;
  private static final ExpositionFormatWriter PLAIN = PrometheusTextFormatWriter.create();

  /** Only this format has exemplars. */
  private static final ExpositionFormatWriter OPEN_METRICS = OpenMetricsTextFormatWriter.create();

  static Exposition of(MetricSnapshots metrics, @Nullable String accept) {
    ExpositionFormatWriter writer = OPEN_METRICS.accepts(accept) ? OPEN_METRICS : PLAIN;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(EXPECTED_BYTES);
    try {
      writer.write(bytes, metrics);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Exposition(writer.getContentType(), bytes.toString(StandardCharsets.UTF_8));
  }
}
