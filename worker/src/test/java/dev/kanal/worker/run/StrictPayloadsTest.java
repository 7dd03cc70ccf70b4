package dev.kanal.worker.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kanal.common.job.JsonBytes;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What stands in a payload is what the handler gets, or the payload is unreadable. */
final class StrictPayloadsTest {
  private enum Colour {
    RED,
    GREEN
  }

  private record Line(int count, List<Integer> sizes) {}

  @SuppressWarnings("ArrayRecordComponent") // read here, and not compared
  private record Order(
      int i,
      long l,
      short s,
      byte b,
      double d,
      float f,
      boolean z,
      char c,
      @Nullable Integer boxed,
      @Nullable String text,
      @Nullable Colour colour,
      @Nullable Duration duration,
      @Nullable Instant instant,
      @Nullable LocalDate date,
      @Nullable UUID uuid,
      @Nullable BigDecimal decimal,
      @Nullable BigInteger big,
      @Nullable List<Line> lines,
      @Nullable Map<String, Long> map,
      double @Nullable [] doubles) {}

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          l       | 199.99                  | /l: expected long, found 199.99
          l       | 1e400                   | /l: expected long, found 1e400
          l       | 9223372036854775808     | /l: expected long, found 9223372036854775808
          l       | ""                      | /l: expected long, found the text ""
          i       | ""                      | /i: expected int, found the text ""
          i       | "12"                    | /i: expected int, found the text "12"
          i       | "x"                     | /i: expected int, found the text "x"
          i       | 3.0                     | /i: expected int, found 3.0
          i       | null                    | /i: expected int, found null
          i       | true                    | /i: expected int, found true
          i       | 2147483648              | /i: expected int, found 2147483648
          i       | [1]                     | /i: expected int, found an array
          s       | 32768                   | /s: expected short, found 32768
          b       | 128                     | /b: expected byte, found 128
          b       | -129                    | /b: expected byte, found -129
          d       | 1e400                   | /d: expected double, found 1e400
          d       | -1e400                  | /d: expected double, found -1e400
          d       | 1e-400                  | /d: expected double, found 1e-400
          d       | "1.5"                   | /d: expected double, found the text "1.5"
          d       | ""                      | /d: expected double, found the text ""
          d       | null                    | /d: expected double, found null
          f       | 1e39                    | /f: expected float, found 1e39
          f       | 1e-60                   | /f: expected float, found 1e-60
          z       | 1                       | /z: expected boolean, found 1
          z       | "true"                  | /z: expected boolean, found the text "true"
          z       | ""                      | /z: expected boolean, found the text ""
          z       | null                    | /z: expected boolean, found null
          c       | 65                      | /c: expected char, found 65
          c       | ""                      | /c: expected char, found the text ""
          """)
  void shouldBeUnreadable_withThePlace(String field, String value, String why) {
    assertUnreadable(field, value, why);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          boxed   | 1.5                     | /boxed: expected Integer, found 1.5
          boxed   | ""                      | /boxed: expected Integer, found the text ""
          colour  | "BLUE"                  | /colour: expected one of RED, GREEN, found the text "BLUE"
          colour  | 1                       | /colour: expected one of RED, GREEN, found 1
          colour  | "1"                     | /colour: expected one of RED, GREEN, found the text "1"
          colour  | ""                      | /colour: expected one of RED, GREEN, found the text ""
          text    | {}                      | /text: expected String, found an object
          duration | ""                     | /duration: expected Duration, found the text ""
          duration | 1e30                   | /duration: expected Duration, found 1e30
          instant | ""                      | /instant: expected Instant, found the text ""
          instant | 1e40                    | /instant: expected Instant, found 1e40
          date    | ""                      | /date: expected LocalDate, found the text ""
          date    | "2026-02-30"            | /date: expected LocalDate, found the text "2026-02-30"
          uuid    | ""                      | /uuid: expected UUID, found the text ""
          decimal | ""                      | /decimal: expected BigDecimal, found the text ""
          decimal | "x"                     | /decimal: expected BigDecimal, found the text "x"
          big     | 1.5                     | /big: expected BigInteger, found 1.5
          lines   | [{"count":1},{"count":1.5}] | /lines/1/count: expected int, found 1.5
          lines   | [{"sizes":[1,2.5]}]     | /lines/0/sizes/1: expected Integer, found 2.5
          lines   | ""                      | /lines: expected ArrayList, found the text ""
          map     | {"a/b":1.5}             | /map/a~1b: expected Long, found 1.5
          doubles | [1,1e400]               | /doubles/1: expected double, found 1e400
          """)
  void shouldBeUnreadable_withThePlace_whateverIsExpected(String field, String value, String why) {
    assertUnreadable(field, value, why);
  }

  @Test
  void shouldTakeWhatFits() throws Exception {
    Order nothing = Json.DEFAULT.read(Order.class, JsonBytes.of("{}"));
    assertEquals(0, nothing.i);
    assertEquals(0.0, nothing.d);
    assertEquals(false, nothing.z);
    assertEquals('\0', nothing.c);
    assertEquals(-128, read("b", "-128").b);
    assertEquals(Long.MIN_VALUE, read("l", "-9223372036854775808").l);
    assertEquals(3.0, read("d", "3").d);
    assertEquals(0.0, read("d", "0e5").d);
    assertEquals(Double.MIN_VALUE, read("d", "4.9e-324").d);
    assertEquals(0.1f, read("f", "0.1").f);
    assertEquals('a', read("c", "\"a\"").c);
    assertEquals(null, read("boxed", "null").boxed);
    assertEquals("1.10", read("text", "1.10").text);
    assertEquals("", read("text", "\"\"").text);
    assertEquals(Colour.GREEN, read("colour", "\"GREEN\"").colour);
    assertEquals(Duration.ofMillis(1_500), read("duration", "1.5").duration);
    assertEquals(Duration.ofSeconds(5), read("duration", "\"PT5S\"").duration);
    assertEquals(Instant.ofEpochSecond(5), read("instant", "5").instant);
    assertEquals(new BigDecimal("1.10"), read("decimal", "1.10").decimal);
    assertEquals(new BigDecimal("199.990"), read("decimal", "\"199.990\"").decimal);
    assertEquals(BigInteger.TWO, read("big", "\"2\"").big);
  }

  private static void assertUnreadable(String field, String value, String why) {
    var unreadable = assertThrows(UnreadablePayloadException.class, () -> read(field, value));
    assertEquals(
        "Expected a payload that the handler can read, but at " + why, unreadable.getMessage());
  }

  private static Order read(String field, String value) throws UnreadablePayloadException {
    return Json.DEFAULT.read(Order.class, JsonBytes.of("{\"" + field + "\":" + value + "}"));
  }
}
