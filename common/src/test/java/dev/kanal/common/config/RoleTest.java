package dev.kanal.common.config;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a role takes, and which values go together. */
final class RoleTest {
  private static final String NO_KAFKA =
      "kafka.bootstrap: Expected brokers, but none are set: set"
          + " KANAL_KAFKA_BOOTSTRAP=host:port to the Kafka cluster to use";

  @ParameterizedTest
  @EnumSource(names = {"SCHEDULER", "WORKER"})
  void shouldNeedBrokers_whenThereIsNoBuiltInOne(Role role) throws ConfigException {
    assertEquals(List.of(NO_KAFKA), problems(role, Map.of()));
    Settings settings =
        Settings.resolve(
            role, new Sources(Map.of(), Map.of("KANAL_KAFKA_BOOTSTRAP", "b:1"), Map.of()));
    assertEquals("b:1", KafkaConfig.from(settings).bootstrap());
  }

  @ParameterizedTest
  @EnumSource
  void shouldTakeEverySetting_whereItsPartRuns(Concern concern) {
    assertTrue(Role.STANDALONE.takes(concern));
    assertTrue(Role.SCHEDULER.takes(concern) || Role.WORKER.takes(concern));
  }

  @Test
  void shouldNotTakeSecretsOfHttpJobsForSettings() throws ConfigException {
    Map<String, String> environment =
        Map.of("KANAL_KAFKA_BOOTSTRAP", "b:1", "KANAL_SECRET_SHOP_KEY", "hush");
    Settings settings = Settings.resolve(Role.WORKER, new Sources(Map.of(), environment, Map.of()));
    assertEquals(false, settings.effective().toString().contains("hush"));
  }

  @Test
  void shouldRefuseSettingsOfOtherRoles_onTheCommandLine() {
    Sources sources =
        new Sources(
            Map.of("kafka.bootstrap", "b:1"), Map.of(), Map.of("http.port", "1", "data", "d"));
    assertEquals(
        List.of(
            "data (command line): is no setting of a worker",
            "http.port (command line): is no setting of a worker"),
        assertThrows(ConfigException.class, () -> Settings.resolve(Role.WORKER, sources))
            .problems());
  }

  @Test
  void shouldShareAFileAndAnEnvironmentWithOtherRoles_andStillReadThem() {
    Map<String, String> file = Map.of("kafka.bootstrap", "b:1", "http.host", "0.0.0.0");
    Sources shared = new Sources(file, Map.of("KANAL_HTTP_PORT", "1"), Map.of());
    assertDoesNotThrow(() -> Settings.resolve(Role.WORKER, shared));
    assertEquals(
        List.of("http.port (file): Expected a whole number, 0 to 65535, but got x"),
        problems(Role.WORKER, Map.of("kafka.bootstrap", "b:1", "http.port", "x")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "192.168.1.1", "kanal.example", "128.0.0.1"})
  void shouldNotServeOtherHostsWithoutAuthentication_unlessThatIsSaid(String host)
      throws ConfigException {
    assertEquals(
        List.of(
            "http.host (file): Expected auth=off (KANAL_AUTH=off) to be set for listening at "
                + host
                + ", which other hosts may reach, or a loopback address such as 127.0.0.1;"
                + " auth (default)"),
        problems(Role.STANDALONE, Map.of("http.host", host)));
    Settings off = resolve(Map.of("http.host", host, "auth", "off"));
    assertEquals(host, HttpConfig.from(off).host());
    assertFalse(HttpConfig.from(off).isLoopback());
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "127.1.2.3", "localhost", "LocalHost", "::1", "[::1]"})
  void shouldServeThisHost_withoutMore(String host) throws ConfigException {
    assertEquals(host, HttpConfig.from(resolve(Map.of("http.host", host))).host());
  }

  @Test
  void shouldFitAPayloadIntoABulkLine() throws ConfigException {
    assertEquals(
        List.of(
            "limits.bulk-line (file): Expected at least limits.payload, 256KiB, but got 255KiB;"
                + " limits.payload (default)"),
        problems(Role.STANDALONE, Map.of("limits.bulk-line", "255KiB")));
    Settings equal = resolve(Map.of("limits.bulk-line", "256KiB"));
    assertEquals(262_144, LimitsConfig.from(equal).bulkLine());
  }

  @Test
  void shouldTellAllProblemsAtOnce_butNoneThatFollowsFromAnother() {
    List<String> problems =
        problems(
            Role.SCHEDULER,
            Map.of("limits.bulk-line", "1KiB", "limits.payload", "x", "http.host", "0.0.0.0"));
    assertEquals(3, problems.size(), problems.toString());
    assertEquals("limits.payload (file)", problems.get(0).split(":", 2)[0]);
    assertEquals("http.host (file)", problems.get(1).split(":", 2)[0]);
    assertEquals(NO_KAFKA, problems.get(2));
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, '', 127.0.0.1:8080",
    "node-1, '', node-1:8080",
    "fe80::1, '', [fe80::1]:8080",
    "0.0.0.0, front:80, front:80"
  })
  void shouldTellOtherSchedulersWhereItIs(String host, String advertised, String expected) {
    assertEquals(expected, http(host, advertised).reachableAt());
  }

  @Test
  void shouldNotTellOthersAWildcard() {
    assertNotEquals("0.0.0.0:8080", http("0.0.0.0", "").reachableAt());
    assertNotEquals("[::]:8080", http("::", "").reachableAt());
  }

  private static HttpConfig http(String host, String advertised) {
    return new HttpConfig(
        host, 8080, advertised, true, List.of("localhost"), 1, 20_000, 0, Duration.ofSeconds(1));
  }

  private static Settings resolve(Map<String, String> file) throws ConfigException {
    return Settings.resolve(Role.STANDALONE, new Sources(file, Map.of(), Map.of()));
  }

  private static List<String> problems(Role role, Map<String, String> file) {
    Sources sources = new Sources(file, Map.of(), Map.of());
    return assertThrows(ConfigException.class, () -> Settings.resolve(role, sources)).problems();
  }
}
