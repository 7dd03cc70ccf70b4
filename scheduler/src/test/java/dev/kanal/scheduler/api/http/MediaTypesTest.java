package dev.kanal.scheduler.api.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MediaTypesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "application/json|true",
        "Application/JSON ; charset=UTF-8|true",
        "application/json; charset=\"utf-8\"|true",
        "application/json; charset=utf-16|false",
        "application/jsonx|false",
        "text/json|false",
        ";|false",
      })
  void contentType(String header, boolean expected) {
    assertEquals(expected, MediaTypes.is(header, "application/json"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "*/*|true",
        "text/html, application/*;q=0.5|true",
        "text/html|false",
        "text/html, */*;q=0.1|true",
        "application/json;q=0, */*|false",
        "application/json;q=0.001|true",
        "application/*;q=0.000|false",
        "*|false",
      })
  void accept(String header, boolean expected) {
    assertEquals(expected, MediaTypes.isAcceptable(header, "application/json"));
  }
}
