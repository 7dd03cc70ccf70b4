package dev.kanal.common.telemetry;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.exporter.prometheus.PrometheusMetricReader;
import io.opentelemetry.instrumentation.kafkaclients.v2_6.KafkaTelemetry;
import io.opentelemetry.instrumentation.runtimetelemetry.RuntimeTelemetry;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigProperties;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.resources.Resource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The telemetry of one process: the OpenTelemetry SDK, set up by the standard {@code OTEL_*}
 * variables. Without an endpoint or an exporter in them nothing is exported, and there is no
 * warning. Metrics are gathered nevertheless, for {@link #exposition}.
 */
public final class Telemetry implements AutoCloseable {
  /** Telemetry that is switched off. */
  public static final Telemetry NONE =
      new Telemetry(OpenTelemetry.noop(), null, null, Signals.NONE);

  /** The name of the instrumentation scope. */
  public static final String SCOPE = "dev.kanal";

  private static final long CLOSE_SECONDS = 5;

  /** If any of these is set, something is exported. */
  private static final List<String> ENDPOINTS =
      List.of(
          "otel.exporter.otlp.endpoint",
          "otel.exporter.otlp.traces.endpoint",
          "otel.exporter.otlp.metrics.endpoint",
          "otel.exporter.otlp.logs.endpoint");

  private final OpenTelemetry api;
  private final @Nullable OpenTelemetrySdk sdk;
  private final @Nullable PrometheusMetricReader reader;
  private final Signals signals;
  private final Tracer tracer;
  private final Meter meter;
  private volatile @Nullable RuntimeTelemetry jvm;

  private Telemetry(
      OpenTelemetry api,
      @Nullable OpenTelemetrySdk sdk,
      @Nullable PrometheusMetricReader reader,
      Signals signals) {
    this.api = api;
    this.sdk = sdk;
    this.reader = reader;
    this.signals = signals;
    this.tracer = api.getTracer(SCOPE);
    this.meter = api.getMeter(SCOPE);
  }

  /** What is exported. */
  private record Signals(boolean traces, boolean logs) {
    static final Signals NONE = new Signals(false, false);

    static Signals of(ConfigProperties config) {
      if (config.getBoolean("otel.sdk.disabled", false)) {
        return NONE;
      }
      boolean sampled = !"always_off".equals(config.getString("otel.traces.sampler"));
      return new Signals(
          sampled && !"none".equals(config.getString("otel.traces.exporter")),
          !"none".equals(config.getString("otel.logs.exporter")));
    }
  }

  /**
   * Identifies the process.
   *
   * @param service unless {@code OTEL_SERVICE_NAME} says another name
   * @param instance distinguishes several processes of one service
   */
  public record Identity(String service, String instance, String version) {}

  /** By the variables of the environment and the system properties of the same names. */
  public static Telemetry start(Identity identity) {
    return start(identity, Map.of());
  }

  /**
   * By the environment, too.
   *
   * @param properties such as {@code otel.exporter.otlp.endpoint}; these win
   * @throws io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException if they say what cannot
   *     be
   */
  public static Telemetry start(Identity identity, Map<String, String> properties) {
    PrometheusMetricReader reader = PrometheusMetricReader.create();
    Signals[] sent = {Signals.NONE};
    OpenTelemetrySdk sdk =
        AutoConfiguredOpenTelemetrySdk.builder()
            .disableShutdownHook()
            .addPropertiesSupplier(() -> defaults(identity))
            .addPropertiesCustomizer(config -> exporters(config, properties))
            .addPropertiesCustomizer(
                config -> {
                  sent[0] = Signals.of(config);
                  return Map.of();
                })
            .addResourceCustomizer((resource, _) -> resource.merge(resource(identity)))
            .addSamplerCustomizer((sampler, _) -> new LifeSampler(sampler))
            .addMeterProviderCustomizer((builder, _) -> builder.registerMetricReader(reader))
            .build()
            .getOpenTelemetrySdk();
    return new Telemetry(sdk, sdk, reader, sent[0]);
  }

  /** Metrics to be read over HTTP, and nothing else. */
  public static Telemetry local() {
    PrometheusMetricReader reader = PrometheusMetricReader.create();
    OpenTelemetrySdk sdk =
        OpenTelemetrySdk.builder()
            .setMeterProvider(SdkMeterProvider.builder().registerMetricReader(reader).build())
            .build();
    return new Telemetry(sdk, sdk, reader, Signals.NONE);
  }

  /** An SDK that was set up elsewhere; it is not closed with this. */
  public static Telemetry of(OpenTelemetry other) {
    return new Telemetry(other, null, null, new Signals(true, false));
  }

  /** Whether spans are exported; if not, none are to be made. */
  public boolean traces() {
    return signals.traces;
  }

  /** Whether logs are sent by OTLP. */
  public boolean logs() {
    return signals.logs;
  }

  public Tracer tracer() {
    return tracer;
  }

  public Meter meter() {
    return meter;
  }

  /** For libraries that are instrumented themselves. */
  public OpenTelemetry api() {
    return api;
  }

  /** Settings with which a Kafka client reports its own metrics here; none without an SDK. */
  public Map<String, ?> kafkaMetrics() {
    return sdk == null ? Map.of() : KafkaTelemetry.create(api).metricConfigProperties();
  }

  /** Begins to measure the JVM, until this is closed. */
  public Telemetry withJvm() {
    jvm = RuntimeTelemetry.create(api);
    return this;
  }

  /**
   * Everything measured, to be read over HTTP.
   *
   * @param accept the header of that name; OpenMetrics, with exemplars, if the header asks for it
   */
  public Exposition exposition(@Nullable String accept) {
    PrometheusMetricReader all = reader;
    return all == null ? Exposition.EMPTY : Exposition.of(all.collect(), accept);
  }

  /** Sends what has not been sent yet; waits at most some seconds. */
  @Override
  public void close() {
    RuntimeTelemetry measuring = jvm;
    if (measuring != null) {
      measuring.close();
    }
    OpenTelemetrySdk mine = sdk;
    if (mine != null) {
      var _ = mine.shutdown().join(CLOSE_SECONDS, TimeUnit.SECONDS);
    }
  }

  private static Map<String, String> defaults(Identity identity) {
    Map<String, String> defaults = new HashMap<>();
    defaults.put("otel.service.name", identity.service());
    defaults.put("otel.exporter.otlp.protocol", "http/protobuf");
    // A thousand jobs a second are six thousand spans: room for some seconds of them.
    defaults.put("otel.bsp.max.queue.size", "32768");
    defaults.put("otel.bsp.max.export.batch.size", "2048");
    defaults.put("otel.bsp.schedule.delay", "1000");
    return defaults;
  }

  /** Without a destination nothing is exported; logs go by OTLP only if that is asked for. */
  private static Map<String, String> exporters(
      ConfigProperties config, Map<String, String> properties) {
    Map<String, String> changed = new HashMap<>(properties);
    boolean given =
        ENDPOINTS.stream()
            .anyMatch(each -> config.getString(each) != null || properties.containsKey(each));
    for (String signal : List.of("traces", "metrics", "logs")) {
      String key = "otel." + signal + ".exporter";
      if (config.getString(key) == null && !properties.containsKey(key)) {
        changed.put(key, given && !signal.equals("logs") ? "otlp" : "none");
      }
    }
    return changed;
  }

  private static Resource resource(Identity identity) {
    return Resource.create(
        Attributes.builder()
            .put("service.instance.id", identity.instance())
            .put("service.version", identity.version())
            .build());
  }
}
