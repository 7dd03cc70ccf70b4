package dev.kanal.common.telemetry;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingResult;
import java.util.List;

/**
 * Whether a job is traced is decided once: a new trace of the same job follows the decision of the
 * one before. All else is left to the sampler that was configured.
 */
final class LifeSampler implements Sampler {
  private static final ContextKey<Boolean> DECIDED = ContextKey.named("kanal-sampled");

  private final Sampler otherwise;

  LifeSampler(Sampler otherwise) {
    this.otherwise = otherwise;
  }

  /** A span that begins in this context is one that is kept. */
  static Context sampled(Context context) {
    return context.with(DECIDED, true);
  }

  @Override
  public SamplingResult shouldSample(
      Context parent,
      String traceId,
      String name,
      SpanKind kind,
      Attributes attributes,
      List<LinkData> links) {
    return parent.get(DECIDED) != null
        ? SamplingResult.recordAndSample()
        : otherwise.shouldSample(parent, traceId, name, kind, attributes, links);
  }

  @Override
  public String getDescription() {
    return "LifeSampler{" + otherwise.getDescription() + "}";
  }
}
