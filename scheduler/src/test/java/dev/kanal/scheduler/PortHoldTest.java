package dev.kanal.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kanal.common.config.HttpConfig;
import dev.kanal.common.config.Role;
import dev.kanal.common.config.Settings;
import dev.kanal.common.config.Sources;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class PortHoldTest {
  @Test
  void shouldKeepTheFreePortFromOthers_untilItIsReleased() throws Exception {
    try (PortHold hold = PortHold.of(http("0"))) {
      InetSocketAddress address = new InetSocketAddress(hold.http().host(), hold.http().port());
      try (ServerSocket other = new ServerSocket()) {
        assertThrows(BindException.class, () -> other.bind(address));
      }

      hold.release();

      try (ServerSocket api = new ServerSocket()) {
        api.bind(address);
        assertEquals(address.getPort(), api.getLocalPort());
      }
    }
  }

  @Test
  void shouldHoldNothing_whenThePortIsGiven() throws Exception {
    try (PortHold free = PortHold.of(http("0"))) {
      String taken = Integer.toString(free.http().port());
      try (PortHold hold = PortHold.of(http(taken))) {
        assertEquals(free.http().port(), hold.http().port());
      }
    }
  }

  private static HttpConfig http(String port) throws Exception {
    Sources sources = new Sources(Map.of("http.port", port), Map.of(), Map.of());
    return HttpConfig.from(Settings.resolve(Role.STANDALONE, sources));
  }
}
