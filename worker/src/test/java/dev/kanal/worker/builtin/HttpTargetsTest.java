package dev.kanal.worker.builtin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.config.HttpHandlerConfig;
import dev.kanal.common.http.HttpUrl;
import dev.kanal.worker.JobFailed;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where calls may go, and that they go where they were checked to go. */
final class HttpTargetsTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://169.254.169.254/latest/meta-data",
        "http://169.254.0.1/",
        "http://[fe80::1]/",
        "http://[fd00:ec2::254]/",
        "http://[::ffff:169.254.169.254]/",
        "http://[64:ff9b::a9fe:a9fe]/",
        "http://[2002:a9fe:a9fe::1]/",
        "http://[::a9fe:a9fe]/",
        "http://224.0.0.1/",
        "http://[ff02::1]/",
        "http://0.0.0.0/",
        "http://[::]/",
        "http://255.255.255.255/",
        "http://100.100.100.200/",
        "http://168.63.129.16/",
        "http://[fd20:ce::254]/",
        "http://[fd00:ec2::23]/",
        "http://[fd00:42::42]/",
        "http://[fd00:a9fe:a9fe::1]/",
        "http://192.0.0.1/",
        "http://192.0.0.255/",
        "http://198.18.0.1/",
        "http://198.19.255.255/",
        "http://240.0.0.1/",
        "http://254.1.2.3/",
        "http://[fec0::1]/",
        "http://[feff::1]/",
        "http://[::ffff:0:10.0.0.1]/",
        "http://[2001::1]/",
        "http://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/",
        "http://[64:ff9b::168.63.129.16]/",
        "http://[64:ff9b:1::169.254.169.254]/",
        "http://[64:ff9b:1:a9fe:a9:fe00::]/",
        "http://[2002:f000:1::1]/",
        "http://[::ffff:192.0.0.8]/",
        "http://[2a00:1450::5efe:169.254.169.254]/",
        "http://[2a00:1450::200:5efe:a9fe:a9fe]/",
      })
  void shouldRefuseWhatNobodyMayCall(String url) {
    assertRefused(HttpHandlerConfig.DEFAULT.withTargets(List.of("*", "0.0.0.0/0"), List.of()), url);
  }

  /** Just beside the networks that are refused. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://168.63.129.15/",
        "http://192.0.1.0/",
        "http://198.17.255.255/",
        "http://198.20.0.0/",
        "http://223.255.255.255/",
        "http://[fd20:ce::253]/",
        "http://[2001:1::1]/",
        "http://[2001:4860::1]/",
        "http://[64:ff9b::8.8.8.8]/",
        "http://[64:ff9b:1::8.8.8.8]/",
        "http://[2002:808:808::1]/",
        "http://[2a00:1450::5efe:8.8.8.8]/",
      })
  void shouldCallWhatIsBeside(String url) throws Exception {
    new HttpTargets(HttpHandlerConfig.DEFAULT).enter(HttpUrl.parse(url), SECOND).close();
  }

  /** A dot at the end does not change the host that a name means. */
  @ParameterizedTest
  @CsvSource({
    "internal.example.com, http://internal.example.com./",
    "internal.example.com., http://internal.example.com/",
    "*.corp.example, http://a.corp.example./",
    "*.corp.example., http://A.CORP.example./",
  })
  void shouldRefuseANameWithADotAtItsEnd(String denied, String url) {
    var config = HttpHandlerConfig.DEFAULT.withTargets(List.of("*"), List.of(denied));
    var _ =
        refused(new HttpTargets(config, new HostPins(() -> 0), new Dns(List.of("1.2.3.4"))), url);
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://127.0.0.1/", "http://10.0.0.1:99/", "http://[::1]/"})
  void shouldCallLoopbackAndPrivateNetworks_unlessForbidden(String url) throws Exception {
    new HttpTargets(HttpHandlerConfig.DEFAULT).enter(HttpUrl.parse(url), SECOND).close();
    assertRefused(
        HttpHandlerConfig.DEFAULT.withTargets(
            List.of("*"), List.of("127.0.0.0/8", "10.0.0.0/8", "::1")),
        url);
  }

  @ParameterizedTest
  @CsvSource({
    "*, a.example, 1.2.3.4, 80, true",
    "a.example, a.example, 1.2.3.4, 80, true",
    "a.example, b.a.example, 1.2.3.4, 80, false",
    "*.example, b.a.example, 1.2.3.4, 80, true",
    "*.example, example, 1.2.3.4, 80, false",
    "A.Example:8080, a.example, 1.2.3.4, 8080, true",
    "a.example:8080, a.example, 1.2.3.4, 80, false",
    "*:443, a.example, 1.2.3.4, 443, true",
    "1.2.3.0/24, a.example, 1.2.3.4, 80, true",
    "1.2.3.0/24, a.example, 1.2.4.4, 80, false",
    "1.2.3.4/31, a.example, 1.2.3.5, 80, true",
    "1.2.3.4/31, a.example, 1.2.3.6, 80, false",
    "1.2.3.4:80, a.example, 1.2.3.4, 80, true",
    "0.0.0.0/0, a.example, 9.9.9.9, 80, true",
    "0.0.0.0/0, a.example, fd00::1, 80, false",
    "fd00::/8, a.example, fd12::1, 80, true",
    "[fd00::/8]:80, a.example, fd12::1, 80, true",
    "[fd00::1]:81, a.example, fd00::1, 80, false",
  })
  void shouldMatchTargets(String pattern, String host, String address, int port, boolean matches) {
    InetAddress where = InetAddress.ofLiteral(address);
    assertEquals(matches, TargetPattern.parse(pattern).matches(host, where, port));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a.example:0", "a.example:99999", "1.2.3.4/33", "1.2.3", "[::1", "a b", "*x", ""})
  void shouldNotReadOtherTargets(String pattern) {
    var refused = assertThrows(IllegalArgumentException.class, () -> TargetPattern.parse(pattern));
    assertTrue(refused.toString().contains(": Expected a host, an address or a network"), pattern);
  }

  /** All addresses of a name are judged, not only the one that happens to come first. */
  @Test
  void shouldRefuseAName_whenOneOfItsAddressesIsRefused() {
    var targets = targets(new Dns(List.of("1.2.3.4", "169.254.169.254")));
    JobFailed refused = refused(targets, "http://rebind.example/");
    assertTrue(refused.toString().contains("169.254.169.254"), refused::toString);
  }

  @Test
  void shouldNameTheSetting_whenATargetIsNotAllowed() {
    var config = HttpHandlerConfig.DEFAULT.withTargets(List.of("*.example"), List.of());
    var targets = new HttpTargets(config, new HostPins(() -> 0), new Dns(List.of("1.2.3.4")));
    JobFailed refused = refused(targets, "http://a.test/");
    assertTrue(refused.toString().contains("1.2.3.4"), refused::toString);
    assertTrue(refused.toString().contains("worker.http-handler.allow"), refused::toString);
  }

  @Test
  void shouldStayWhereItWasChecked_whileCallsLast() throws Exception {
    AtomicLong now = new AtomicLong();
    HostPins pins = new HostPins(now::get);
    TargetRules rules = new TargetRules(HttpHandlerConfig.DEFAULT);
    Dns dns = new Dns(List.of("1.2.3.4"), List.of("169.254.169.254"), List.of("5.6.7.8"));

    pins.take("rebind.example", 80, rules, dns);
    now.addAndGet(Duration.ofMinutes(1).toNanos());
    assertEquals(addresses("1.2.3.4"), pins.of("REBIND.example"));
    assertThrows(JobFailed.class, () -> pins.take("rebind.example", 80, rules, dns));
    assertEquals(addresses("1.2.3.4"), pins.of("rebind.example"));
    pins.take("rebind.example", 80, rules, dns);
    assertEquals(addresses("5.6.7.8"), pins.of("rebind.example"), "a later answer, checked too");
    pins.release("rebind.example", 80);
    pins.release("rebind.example", 80);
    assertEquals(addresses("5.6.7.8"), pins.of("rebind.example"), "kept for a moment");
    now.addAndGet(Duration.ofSeconds(10).toNanos());
    assertNull(pins.of("rebind.example"));
  }

  /** Addresses that are fine for one port need not be for another that is being called. */
  @Test
  void shouldNotMoveAHost_whenACallToAnotherPortWouldBeRefusedThere() throws Exception {
    AtomicLong now = new AtomicLong();
    HostPins pins = new HostPins(now::get);
    var config = HttpHandlerConfig.DEFAULT.withTargets(List.of("*"), List.of("10.0.0.0/8:22"));
    TargetRules rules = new TargetRules(config);
    Dns dns = new Dns(List.of("1.2.3.4"), List.of("10.0.0.5"));

    pins.take("rebind.example", 22, rules, dns);
    now.addAndGet(Duration.ofMinutes(1).toNanos());
    pins.take("rebind.example", 80, rules, dns);

    assertEquals(addresses("1.2.3.4"), pins.of("rebind.example"));
  }

  /** The process's own resolver follows the pins: it is the one that connections are made by. */
  @Test
  void shouldLeadEveryLookUpToTheCheckedAddress() throws Exception {
    TargetRules rules = new TargetRules(HttpHandlerConfig.DEFAULT);
    HostPins.SHARED.take("pinned.invalid", 80, rules, _ -> addresses("127.0.0.9"));
    try {
      InetAddress[] found = InetAddress.getAllByName("pinned.invalid");
      assertEquals(addresses("127.0.0.9"), List.of(found));
    } finally {
      HostPins.SHARED.release("pinned.invalid", 80);
    }
    assertThrows(UnknownHostException.class, () -> PinningResolverProvider.lookUp("other.invalid"));
  }

  @Test
  void shouldWaitForATurn_whenTooManyCallTheSameHostAndPort() throws Exception {
    var config = new HttpHandlerConfig(List.of("*"), List.of(), false, 2, "", "");
    HttpTargets targets = new HttpTargets(config);
    HttpUrl url = HttpUrl.parse("http://127.0.0.1:7/");
    var first = targets.enter(url, SECOND);
    var second = targets.enter(url, SECOND);
    JobFailed full = assertThrows(JobFailed.class, () -> targets.enter(url, Duration.ofMillis(10)));
    assertEquals("http-timeout", full.reason());
    assertTrue(full.retryable());
    targets.enter(HttpUrl.parse("http://127.0.0.1:8/"), Duration.ZERO).close();
    first.close();
    targets.enter(url, Duration.ZERO).close();
    second.close();
  }

  private static HttpTargets targets(HostPins.LookUp dns) {
    return new HttpTargets(HttpHandlerConfig.DEFAULT, new HostPins(() -> 0), dns);
  }

  private static void assertRefused(HttpHandlerConfig config, String url) {
    var _ = refused(new HttpTargets(config), url);
  }

  private static JobFailed refused(HttpTargets targets, String url) {
    JobFailed refused =
        assertThrows(JobFailed.class, () -> targets.enter(HttpUrl.parse(url), SECOND).close());
    assertEquals("target-refused", refused.reason(), refused::getMessage);
    assertEquals(false, refused.retryable());
    return refused;
  }

  private static List<InetAddress> addresses(String... literals) {
    return List.of(literals).stream().map(InetAddress::ofLiteral).toList();
  }

  /** Gives its answers one after the other, and then always the last. */
  private static final class Dns implements HostPins.LookUp {
    private final Queue<List<InetAddress>> answers = new ArrayDeque<>();

    @SafeVarargs
    Dns(List<String>... answers) {
      for (List<String> each : answers) {
        this.answers.add(addresses(each.toArray(String[]::new)));
      }
    }

    @Override
    public List<InetAddress> of(String host) {
      return answers.size() > 1 ? answers.remove() : answers.element();
    }
  }
}
