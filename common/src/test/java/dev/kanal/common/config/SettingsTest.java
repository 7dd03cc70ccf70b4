package dev.kanal.common.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.unit.Durations;
import dev.kanal.common.unit.Sizes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SettingsTest {
  private static final Map<String, String> HTTP_HANDLER =
      Map.of(
          "worker.http-handler.allow", "a.example, 10.0.0.0/8:80",
          "worker.http-handler.deny", "b.example, c.example",
          "worker.http-handler.redirects", "any",
          "worker.http-handler.connections", "3",
          "worker.http-handler.complete-url", "http://kanal:8080",
          "worker.http-handler.sign", "SHOP");

  private static final Map<String, String> EVERY_OTHER_KEY =
      Map.ofEntries(
          Map.entry("data", "d"),
          Map.entry("broker.port", "9092"),
          Map.entry("http.host", "0.0.0.0"),
          Map.entry("http.port", "1"),
          Map.entry("http.advertised", "a:1"),
          Map.entry("auth", "off"),
          Map.entry("http.names", "b, *.c"),
          Map.entry("http.event-loops", "3"),
          Map.entry("http.connections", "9"),
          Map.entry("http.rate-limit.requests", "5"),
          Map.entry("http.rate-limit.window", "PT1M"),
          Map.entry("ui", "read-only"),
          Map.entry("ui.trace-url", "http://t/{traceId}"),
          Map.entry("limits.payload", "1MiB"),
          Map.entry("limits.result", "2KiB"),
          Map.entry("limits.bulk-line", "2MiB"),
          Map.entry("limits.tags", "1"),
          Map.entry("kafka.bootstrap", "a:1,b:2"),
          Map.entry("kafka.start-timeout", "5m"),
          Map.entry("topics.prefix", "x"),
          Map.entry("topics.replication", "3"),
          Map.entry("engine.shards", "8"),
          Map.entry("engine.threads", "4"),
          Map.entry("engine.standbys", "0"),
          Map.entry("engine.commit-interval", "100ms"),
          Map.entry("engine.cache", "1MiB"),
          Map.entry("queues.auto-create", "false"),
          Map.entry("queues.partitions", "9"),
          Map.entry("queues.capacity", "100"),
          Map.entry("queues.max", "7"),
          Map.entry("queues.new-per-minute", "8"),
          Map.entry("worker.id", "w"),
          Map.entry("worker.queues", "a, b"),
          Map.entry("worker.slots", "7"),
          Map.entry("worker.pool.min", "2"),
          Map.entry("worker.pool.max", "5"),
          Map.entry("worker.grace", "1s"),
          Map.entry("worker.handlers", "h"),
          Map.entry("worker.hand-off", "1s"),
          Map.entry("worker.http.host", "h"),
          Map.entry("worker.http.port", "0"),
          Map.entry("log", "json"),
          Map.entry("telemetry.new-trace-after", "5m"));

  @Test
  void shouldHaveDefaultsWithinTheirOwnBounds() throws ConfigException {
    Settings settings = Settings.resolve(Role.STANDALONE, Sources.none());
    assertEquals(new KafkaConfig("", "kanal", 0), KafkaConfig.from(settings));
    assertEquals(
        new HttpConfig(
            "127.0.0.1",
            8080,
            "",
            false,
            List.of("localhost"),
            2,
            20_000,
            0,
            Duration.ofSeconds(1)),
        HttpConfig.from(settings));
    assertEquals(UiConfig.DEFAULT, UiConfig.from(settings));
    assertEquals(new LimitsConfig(262_144, 262_144, 524_288, 32), LimitsConfig.from(settings));
    assertEquals(
        new EngineConfig(16, 2, 1, Duration.ofSeconds(1), 64L << 20), EngineConfig.from(settings));
    assertEquals(new QueuesConfig(true, 4, 10_000_000, 2_000, 600), QueuesConfig.from(settings));
    assertEquals(
        new WorkerConfig(
            "",
            List.of("*"),
            1_000,
            64,
            200_000,
            Duration.ofSeconds(30),
            Duration.ofMillis(250),
            new WorkerConfig.Http("127.0.0.1", 8081, false)),
        WorkerConfig.from(settings));
    assertEquals(new DataConfig(Path.of("data"), 0), DataConfig.from(settings));
    assertEquals(List.of(), settings.effective());
  }

  @Test
  void shouldMapEveryKeyOfTheHttpHandler() throws ConfigException {
    Settings settings =
        Settings.resolve(Role.STANDALONE, new Sources(HTTP_HANDLER, Map.of(), Map.of()));
    assertEquals(
        new HttpHandlerConfig(
            List.of("a.example", "10.0.0.0/8:80"),
            List.of("b.example", "c.example"),
            true,
            3,
            "http://kanal:8080",
            "SHOP"),
        HttpHandlerConfig.from(settings));
    Settings none = Settings.resolve(Role.STANDALONE, Sources.none());
    assertEquals(HttpHandlerConfig.DEFAULT, HttpHandlerConfig.from(none));
  }

  @Test
  void shouldMapEveryKey() throws ConfigException {
    int others = HTTP_HANDLER.size();
    assertEquals(
        Concern.all().size() - others, EVERY_OTHER_KEY.size(), "every key has a value here");
    Settings settings =
        Settings.resolve(Role.STANDALONE, new Sources(EVERY_OTHER_KEY, Map.of(), Map.of()));
    assertEquals(new DataConfig(Path.of("d"), 9092), DataConfig.from(settings));
    assertEquals(
        new HttpConfig(
            "0.0.0.0", 1, "a:1", true, List.of("b", "*.c"), 3, 9, 5, Duration.ofMinutes(1)),
        HttpConfig.from(settings));
    assertEquals(
        new UiConfig(UiConfig.Mode.READ_ONLY, "http://t/{traceId}"), UiConfig.from(settings));
    assertEquals(new LimitsConfig(1 << 20, 2048, 2 << 20, 1), LimitsConfig.from(settings));
    assertEquals(
        new KafkaConfig("a:1,b:2", "x", 3, Duration.ofMinutes(5)), KafkaConfig.from(settings));
    assertEquals(
        new EngineConfig(8, 4, 0, Duration.ofMillis(100), 1L << 20), EngineConfig.from(settings));
    assertEquals(new QueuesConfig(false, 9, 100, 7, 8), QueuesConfig.from(settings));
    Duration second = Duration.ofSeconds(1);
    assertEquals(
        new WorkerConfig(
            "w", List.of("a", "b"), 7, 2, 5, second, second, new WorkerConfig.Http("h", 0, true)),
        WorkerConfig.from(settings));
    assertEquals(new HandlersConfig("h"), HandlersConfig.from(settings));
    assertEquals(new LogConfig(true), LogConfig.from(settings));
    assertEquals(new TelemetryConfig(Duration.ofMinutes(5)), TelemetryConfig.from(settings));
    assertEquals(EVERY_OTHER_KEY.size(), settings.effective().size());
  }

  @Test
  void shouldPreferTheCommandLine_thenTheEnvironment_thenTheFile() throws ConfigException {
    Sources sources =
        new Sources(
            Map.of("http.port", "1", "worker.slots", "1", "limits.tags", "1"),
            Map.of("KANAL_HTTP_PORT", "2", "KANAL_WORKER_SLOTS", "2", "HOME", "x"),
            Map.of("http.port", "3"));
    Settings settings = Settings.resolve(Role.STANDALONE, sources);
    assertEquals(3, HttpConfig.from(settings).port());
    assertEquals(2, WorkerConfig.from(settings).slots());
    assertEquals(1, LimitsConfig.from(settings).tags());
  }

  @Test
  void shouldRefuseUnknownKeys_withASuggestion_allTogether() {
    Sources sources =
        new Sources(
            Map.of("http.prot", "1"),
            Map.of("KANAL_WORKER_SLOT", "2"),
            Map.of("completely-other", "3"));
    List<String> problems = problems(sources);
    assertEquals(3, problems.size());
    assertEquals("http.prot (file): unknown setting; did you mean http.port?", problems.get(0));
    assertEquals(
        "worker.slot (KANAL_WORKER_SLOT): unknown setting; did you mean worker.slots?",
        problems.get(1));
    assertEquals("completely-other (command line): unknown setting", problems.get(2));
  }

  @Test
  void shouldNotTakeKubernetesVariablesForSettings() throws ConfigException {
    Map<String, String> injected =
        Map.of(
            "KANAL_SCHEDULER_SERVICE_HOST", "10.0.0.1",
            "KANAL_SCHEDULER_SERVICE_PORT", "8080",
            "KANAL_SCHEDULER_SERVICE_PORT_HTTP", "8080",
            "KANAL_SERVICE_HOST", "10.0.0.1",
            "KANAL_HTTP_PORT", "tcp://10.0.0.1:8080",
            "KANAL_SCHEDULER_PORT", "tcp://10.0.0.1:8080",
            "KANAL_SCHEDULER_PORT_8080_TCP", "tcp://10.0.0.1:8080",
            "KANAL_SCHEDULER_PORT_8080_TCP_ADDR", "10.0.0.1",
            "KANAL_JAVA_OPTS", "-Xmx1g");
    Settings settings =
        Settings.resolve(Role.STANDALONE, new Sources(Map.of(), injected, Map.of()));
    assertEquals(List.of(), settings.effective());
  }

  @Test
  void shouldNameKeySourceBoundsAndValue() {
    List<String> problems =
        problems(
            new Sources(
                Map.of("http.port", "65536", "limits.payload", "1", "worker.grace", "2 hours"),
                Map.of("KANAL_AUTH", "maybe"),
                Map.of("http.event-loops", "x")));
    assertEquals(
        List.of(
            "http.port (file): Expected 0 to 65535, but got 65536",
            "limits.payload (file): Expected " + Sizes.FORMS + ", within 1KiB to 1MiB, but got 1",
            "worker.grace (file): Expected "
                + Durations.FORMS
                + ", within 0s to 1h, but got 2 hours",
            "auth (KANAL_AUTH): Expected on or off, but got maybe",
            "http.event-loops (command line): Expected a whole number, 1 to 64, but got x"),
        problems);
  }

  @Test
  void shouldShowValuesOnOneLine_notAtLength_andNoSecrets() throws ConfigException {
    String lengthy = "a\nb" + "x".repeat(500);
    String problem =
        problems(new Sources(Map.of("topics.prefix", lengthy), Map.of(), Map.of())).getFirst();
    assertTrue(problem.contains(", but got a?bxxx"), problem);
    assertTrue(problem.length() < 400 && problem.endsWith("xxx..."), problem);
    Setting<String> secret = Setting.text("api.door", "", "a door").asSecret();
    assertEquals("****", Secrets.shown(secret, "open"));
    assertEquals("****", Secrets.shown("ssl.keystore.password", "open"));
    assertEquals("open", Secrets.shown("linger.ms", "open"));
  }

  @Test
  void shouldShowTheEffectiveSettingsInColumns() throws ConfigException {
    Settings settings =
        Settings.resolve(
            Role.STANDALONE,
            new Sources(
                Map.of("http.port", "8081", "kafka.common.sasl.jaas.config", "pw"),
                Map.of("KANAL_DATA", "/var/lib/kanal"),
                Map.of("worker.slots", "8")));
    assertEquals(
        List.of(
            "data                           /var/lib/kanal  (KANAL_DATA)",
            "http.port                      8081            (file)",
            "worker.slots                   8               (command line)",
            "kafka.common.sasl.jaas.config  ****            (file)"),
        settings.effective());
  }

  private static List<String> problems(Sources sources) {
    return assertThrows(ConfigException.class, () -> Settings.resolve(Role.STANDALONE, sources))
        .problems();
  }
}
