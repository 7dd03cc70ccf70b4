package dev.kanal.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What users see of a result: what a worker would make of it as a payload. */
final class TestJobTest {
  record Order(int count, BigDecimal sum, Duration within) {}

  @Test
  void shouldReadNumbersAndTimesAsTheyAreWritten() {
    Order order = job("{'count':3,'sum':0.10,'within':'PT5S','more':1}").result(Order.class);
    assertEquals(new Order(3, new BigDecimal("0.10"), Duration.ofSeconds(5)), order);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'count':'3'}",
        "{'count':3.7}",
        "{'count':null}",
        "{'count':''}",
        "{'count':true}"
      })
  void shouldNameTheField_whenAValueIsOfAnotherKind(String result) {
    String said =
        String.valueOf(
            assertThrows(IllegalArgumentException.class, () -> job(result).result(Order.class))
                .getMessage());
    assertTrue(said.contains("Order[\"count\"]"), said);
  }

  private static TestJob job(String result) {
    String json = "{'id':'x','state':'SUCCEEDED','result':" + result + "}";
    return TestJob.read(json.replace('\'', '"'));
  }
}
