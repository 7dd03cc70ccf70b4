package dev.kanal.scheduler.api.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.scheduler.api.problem.RefusedException;
import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class BodyHashTest {
  private static final String BODY =
      "{\"type\":\"a\",\"payload\":{\"x\":[1,2.50,true,null],\"y\":\"\u00fc\"}}";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"payload\":{\"y\":\"\u00fc\",\"x\":[1,2.50,true,null]},\"type\":\"a\"}",
        " { \"type\" : \"a\" ,\n \"payload\":{\"x\":[ 1.0, 25e-1,true,null ],\"y\":\"\\u00fc\"}}",
        "{\"idempotencyKey\":\"k\",\"type\":\"a\",\"payload\":{\"x\":[10E-1,2.5,true,null],"
            + "\"y\":\"\u00fc\"}}"
      })
  void theSameSaidInAnotherWayIsTheSame(String other) throws Exception {
    assertEquals(hash(BODY), hash(other));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"b\",\"payload\":{\"x\":[1,2.50,true,null],\"y\":\"\u00fc\"}}",
        "{\"type\":\"a\",\"payload\":{\"x\":[2.50,1,true,null],\"y\":\"\u00fc\"}}",
        "{\"type\":\"a\",\"payload\":{\"x\":[1,2.50,true],\"y\":\"\u00fc\"}}",
        "{\"type\":\"a\",\"payload\":{\"x\":[1,2.50,true,[null]],\"y\":\"\u00fc\"}}",
        "{\"type\":\"a\",\"payload\":{\"x\":[1,2.50,\"true\",null],\"y\":\"\u00fc\"}}",
        "{\"type\":\"a\",\"payload\":{\"x\":[\"1\",2.50,true,null],\"y\":\"\u00fc\"}}",
        "{\"type\":\"a\",\"payload\":{\"x\":[1,2.50,true,null],\"y\":\"\u00fc\","
            + "\"idempotencyKey\":\"k\"}}",
        "{\"type\":\"a\",\"queue\":\"default\",\"payload\":{\"x\":[1,2.50,true,null],\"y\":\"\u00fc\"}}"
      })
  void anythingElseIsNot(String other) throws Exception {
    assertNotEquals(hash(BODY), hash(other));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-0.0e7, 0",
    "100, 1e2",
    "1.50, 15e-1",
    "-0.015E+3, -15e0",
    "12345678901234567890, 1234567890123456789e1",
    "1e99999999999999999, 1e99999999999999999",
    "1e123456789012345678, 1e123456789012345678"
  })
  void aNumberHasOneForm(String text, String form) {
    assertEquals(form, BodyHash.number(text));
  }

  @Test
  void aNumberOfManyDigitsCostsNoMoreThanItsLength() throws Exception {
    String digits = "7".repeat(250_000);

    assertNotEquals(hash("{\"payload\":" + digits + "}"), hash("{\"payload\":" + digits + "7}"));
    assertEquals(hash("{\"payload\":" + digits + "}"), hash("{\"payload\":" + digits + ".0}"));
  }

  @Test
  void differentBodiesHaveDifferentHashes() {
    long different =
        IntStream.range(0, 10_000)
            .mapToObj(i -> hash("{\"payload\":" + i + "}"))
            .distinct()
            .count();

    assertTrue(different == 10_000, "different: " + different);
  }

  private static BodyHash hash(String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    try {
      return JsonBody.read(bytes, 0, bytes.length, BodyHash::of);
    } catch (RefusedException e) {
      throw new AssertionError(e);
    }
  }
}
