package dev.kanal.common.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class BaggageTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a=1                        | {a=1}",
        "a=1,b=2                    | {a=1, b=2}",
        "' a = 1 , b = 2;p;q=3 '    | {a=1, b=2}",
        "a=                         | {a=}",
        "a=b=c                      | {a=b=c}",
        "a=%C3%BC%20x               | {a=ü x}",
        "a=%c3%bc                   | {a=ü}",
        "a=100%                     | {a=100%}",
        "a=%zz                      | {a=%zz}",
        "a=%FF                      | {a=\uFFFD}",
        "a=1,a=2                    | {a=2}",
      })
  void shouldReadValues(String header, String expected) {
    assertEquals(expected, Baggage.values(header).toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",", "a", "=1", "a b=1", "a=1 2", "a=\"1\"", "a=ü", "a;p=1", "ü=1"})
  void shouldSkip_whatIsNoMember(String header) {
    assertEquals(Map.of("ok", "1"), Baggage.values(header + ",ok=1"));
  }

  @Test
  void shouldReadUpTo8KiB() {
    String fits = "a=" + "x".repeat(Baggage.MAX - 2);
    assertEquals(Map.of("a", "x".repeat(Baggage.MAX - 2)), Baggage.values(fits));
    assertEquals(Map.of(), Baggage.values(fits + "x"));
    String two = "a=1,b=" + "x".repeat(Baggage.MAX);
    assertEquals(Map.of("a", "1"), Baggage.values(two));
    assertEquals(Map.of(), Baggage.values(null));
  }

  @Test
  void shouldAddValues_andKeepWhatElseIsSaid() {
    assertNull(Baggage.with(null, Map.of()));
    assertEquals("a=1;p", Baggage.with("a=1;p", Map.of()));
    String header = Baggage.with("a=1;p=x,b=2", Map.of("b", "drei, vier=ü%"));
    assertEquals("a=1;p=x,b=drei%2C%20vier=%C3%BC%25", header);
    assertEquals(Map.of("a", "1", "b", "drei, vier=ü%"), Baggage.values(header));
  }

  @Test
  void shouldRefuse_whatCannotBeAHeader() {
    assertThrows(IllegalArgumentException.class, () -> Baggage.with(null, Map.of("a b", "")));
    assertThrows(IllegalArgumentException.class, () -> Baggage.with(null, Map.of("", "")));
    String fits = "x".repeat(Baggage.MAX - 2);
    assertEquals("a=" + fits, Baggage.with(null, Map.of("a", fits)));
    assertThrows(IllegalArgumentException.class, () -> Baggage.with(null, Map.of("a", fits + "x")));
  }
}
