package dev.kanal.common.config;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class BoundsTest {
  /** A key, the last value below its bounds, its least and its most, the first above. */
  private static final List<List<String>> RANGES =
      List.of(
          List.of("broker.port", "-1", "0", "65535", "65536"),
          List.of("kafka.start-timeout", "PT-0.001S", "0s", "1d", "86401s"),
          List.of("http.port", "-1", "0", "65535", "65536"),
          List.of("http.event-loops", "0", "1", "64", "65"),
          List.of("http.connections", "1", "2", "1000000", "1000001"),
          List.of("http.rate-limit.requests", "-1", "0", "1000000", "1000001"),
          List.of("http.rate-limit.window", "999ms", "1s", "1h", "3601s"),
          List.of("limits.payload", "1023B", "1KiB", "1MiB", "1048577B"),
          List.of("limits.result", "1023B", "1KiB", "1MiB", "1048577B"),
          List.of("limits.bulk-line", "1023B", "1KiB", "2MiB", "2097153B"),
          List.of("limits.tags", "-1", "0", "64", "65"),
          List.of("topics.replication", "-1", "0", "9", "10"),
          List.of("engine.shards", "0", "1", "4096", "4097"),
          List.of("engine.threads", "0", "1", "64", "65"),
          List.of("engine.standbys", "-1", "0", "2", "3"),
          List.of("engine.commit-interval", "9ms", "10ms", "10s", "10001ms"),
          List.of("engine.cache", "1023KiB", "1MiB", "16GiB", "16385MiB"),
          List.of("queues.partitions", "0", "1", "256", "257"),
          List.of("queues.capacity", "0", "1", "1000000000", "1000000001"),
          List.of("queues.max", "0", "1", "10000", "10001"),
          List.of("queues.new-per-minute", "0", "1", "10000", "10001"),
          List.of("worker.slots", "0", "1", "200000", "200001"),
          List.of("worker.pool.min", "0", "1", "200000", "200001"),
          List.of("worker.pool.max", "0", "1", "200000", "200001"),
          List.of("worker.grace", "PT-0.001S", "0s", "1h", "3601s"),
          List.of("worker.hand-off", "9ms", "10ms", "5s", "5001ms"),
          List.of("worker.http.port", "-2", "-1", "65535", "65536"),
          List.of("worker.http-handler.connections", "0", "1", "100000", "100001"),
          List.of("telemetry.new-trace-after", "PT-0.001S", "0s", "365d", "366d"));

  static Stream<List<String>> ranges() {
    return RANGES.stream();
  }

  @ParameterizedTest
  @MethodSource("ranges")
  void shouldTakeBothEndsOfARange_andNothingBeyond(List<String> range) {
    Setting<?> setting = setting(range.getFirst());
    assertThrows(IllegalArgumentException.class, () -> setting.read(range.get(1)));
    assertDoesNotThrow(() -> setting.read(range.get(2)));
    assertDoesNotThrow(() -> setting.read(range.get(3)));
    var e = assertThrows(IllegalArgumentException.class, () -> setting.read(range.get(4)));
    assertEquals("Expected " + range.get(2) + " to " + range.get(3), e.getMessage());
  }

  @Test
  void shouldBeTestedForEveryRange() {
    Set<String> kinds = Set.of("number", "duration", "size");
    List<String> all =
        Concern.all().stream()
            .filter(setting -> kinds.contains(setting.kind()))
            .map(Setting::key)
            .sorted()
            .toList();
    assertEquals(all, RANGES.stream().map(List::getFirst).sorted().toList());
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "kafka.bootstrap, localhost:9092, localhost",
        "kafka.bootstrap, '[::1]:9092,b:1', '::1:9092,b:1'",
        "kafka.bootstrap, 'a:1,b:2', 'a:1, b:2'",
        "topics.prefix, team-a, Team",
        "topics.prefix, a, a-",
        "http.host, '::', 'a b'",
        "http.advertised, node-1:8080, node-1",
        "http.advertised, '[fe80::1]:80', http://node-1:80",
        "auth, off, OFF",
        "queues.auto-create, true, yes",
        "worker.id, host_1.a-b, a b",
        "worker.queues, 'a, b,a', A",
        "worker.queues, '*', ','",
        "worker.queues, a, a.b",
        "data, x, ' '",
        "limits.tags, 1, ''",
        "limits.tags, 1, 99999999999",
        "engine.cache, 2GiB, 2G",
        "worker.grace, PT1M, 1 m",
        "worker.http-handler.allow, '*.a.b:80,10.0.0.0/8,[::1]:8080', 'http://a'",
        "worker.http-handler.deny, '10.0.0.0/8, c.d', 'a,,b'",
        "worker.http-handler.deny, '', ' '",
        "worker.http-handler.redirects, any, all",
        "worker.http-handler.complete-url, https://k.example/, k.example",
        "ui, read-only, readonly",
        "ui.trace-url, 'https://t.example/a?b={traceId}&c=1', 'https://t.example/'",
        "ui.trace-url, '', 'javascript:{traceId}'",
        "worker.http-handler.sign, SHOP_1, $SHOP"
      })
  void shouldTakeOnlyWhatFits(String key, String fits, String doesNot) {
    Setting<?> setting = setting(key);
    assertDoesNotThrow(() -> setting.read(fits));
    var e = assertThrows(IllegalArgumentException.class, () -> setting.read(doesNot));
    assertTrue(e.toString().contains(": Expected "), e.toString());
  }

  @Test
  void shouldCountAQueueOnce_whenItIsNamedTwice() throws ConfigException {
    Sources sources = new Sources(Map.of(), Map.of("KANAL_WORKER_QUEUES", "a, b,a,"), Map.of());
    WorkerConfig worker = WorkerConfig.from(Settings.resolve(Role.STANDALONE, sources));
    assertEquals(List.of("a", "b"), worker.queues());
  }

  @Test
  void shouldHoldForRecordsMadeByHand() {
    Duration second = Duration.ofSeconds(1);
    List<Runnable> makers = new ArrayList<>();
    makers.add(() -> new DataConfig(Path.of("d"), -1));
    makers.add(() -> new KafkaConfig("", "Kanal", 0));
    makers.add(() -> new KafkaConfig("nowhere", "kanal", 0));
    makers.add(() -> http(65_536, 2, second));
    makers.add(() -> http(1, 2, Duration.ZERO));
    makers.add(() -> http(1, 1, second));
    makers.add(() -> new UiConfig(UiConfig.Mode.ON, "http://nowhere"));
    makers.add(() -> new LimitsConfig(1_023, 1_024, 2_048, 0));
    makers.add(() -> new LimitsConfig(1_024, 2 << 20, 2_048, 0));
    makers.add(() -> new EngineConfig(0, 2, 1, second, 1L << 20));
    makers.add(() -> new EngineConfig(1, 2, 1, Duration.ofSeconds(11), 1L << 20));
    makers.add(() -> new QueuesConfig(true, 257, 1, 1, 1));
    makers.add(() -> new QueuesConfig(true, 1, 0, 1, 1));
    makers.add(() -> new QueuesConfig(true, 1, 1, 0, 1));
    makers.add(() -> new QueuesConfig(true, 1, 1, 1, 0));
    makers.add(
        () -> new WorkerConfig("", List.of(), 1, 1, 1, second, second, WorkerConfig.Http.NONE));
    makers.add(
        () -> new WorkerConfig("", List.of("*"), 0, 1, 1, second, second, WorkerConfig.Http.NONE));
    makers.add(
        () -> new WorkerConfig("", List.of("*"), 9, 3, 2, second, second, WorkerConfig.Http.NONE));
    for (Runnable maker : makers) {
      var e = assertThrows(IllegalArgumentException.class, maker::run);
      assertTrue(e.toString().matches(".+: [a-z.-]+: Expected .+, but got .+"), e.toString());
    }
  }

  private static HttpConfig http(int port, int connections, Duration window) {
    return new HttpConfig(
        "127.0.0.1", port, "", false, List.of("localhost"), 2, connections, 0, window);
  }

  private static Setting<?> setting(String key) {
    return Concern.all().stream()
        .filter(setting -> setting.key().equals(key))
        .findFirst()
        .orElseThrow();
  }
}
