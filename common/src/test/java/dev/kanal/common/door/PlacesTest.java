package dev.kanal.common.door;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PlacesTest {
  @ParameterizedTest
  @CsvSource({"2, 1", "3, 2", "4, 2", "9, 5", "256, 128"})
  void oneClientAloneGetsHalf(int most, int expected) {
    Places places = new Places(most);

    assertEquals(expected, fill(places, "a"));
    assertEquals(expected, places.mostOfOne());
    assertEquals(expected, places.taken());
  }

  @Test
  void aNewcomerGetsOne_whateverOthersTook() {
    Places places = new Places(12);

    assertEquals(6, fill(places, "a"));
    assertEquals(3, fill(places, "b"));
    assertEquals(2, fill(places, "c"));
    assertEquals(1, fill(places, "d"));
    assertFalse(places.enter("e"), "all are taken");
  }

  @Test
  void aPlaceThatIsLeftIsFree() {
    Places places = new Places(2);
    assertTrue(places.enter("a"));
    assertFalse(places.enter("a"));

    places.leave("a");

    assertEquals(0, places.taken());
    assertTrue(places.enter("a"));
    assertThrows(IllegalStateException.class, () -> places.leave("b"));
    assertThrows(IllegalArgumentException.class, () -> new Places(1));
  }

  @Test
  void aClientIsAnAddressOrANetworkOfOneHost() throws UnknownHostException {
    assertEquals("192.0.2.7", client("192.0.2.7"));
    assertEquals("192.0.2.7", client("::ffff:192.0.2.7"));
    assertEquals(client("2001:db8::1"), client("2001:db8::ffff:ffff"));
    assertNotEquals(client("2001:db8::1"), client("2001:db8:0:1::1"));
  }

  private static String client(String address) throws UnknownHostException {
    return Places.client(InetAddress.getByName(address));
  }

  private static int fill(Places places, String client) {
    int got = 0;
    while (places.enter(client)) {
      got++;
    }
    return got;
  }
}
