package dev.kanal.common.error;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.error.ErrorCode.Category;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ErrorCodeTest {
  private static final Path PAGE = Path.of("..", "docs", "ERRORS.md");

  @ParameterizedTest
  @EnumSource
  void shouldBeComplete(ErrorCode code) {
    assertTrue(code.code().matches("[a-z]+(-[a-z]+)*"), code.code());
    assertEquals("urn:kanal:problem:" + code.code(), code.type());
    assertFalse(code.title().isBlank());
    assertFalse(code.title().endsWith("."), "a title is no sentence: " + code.title());
    assertFalse(code.remedy().isBlank());
    assertFalse((code.title() + code.remedy()).contains("|"), "would break the table");
  }

  @ParameterizedTest
  @EnumSource
  void shouldHaveAStatusThatFitsItsCategory(ErrorCode code) {
    boolean fits =
        switch (code.category()) {
          case CALLER -> code.status() >= 400 && code.status() <= 431 && code.status() != 429;
          case CONFLICT -> code.status() == 409 || code.status() == 412;
          case OVERLOADED -> code.status() == 429 || code.status() == 503;
          case DEPENDENCY -> code.status() == 503;
          case INTERNAL -> code.status() == 500;
        };
    assertTrue(fits, code + " is " + code.category() + " with " + code.status());
    if (code.retryable()) {
      assertTrue(code.status() == 429 || code.status() == 503, "Retry-After goes with " + code);
    }
  }

  @Test
  void shouldBeUnique() {
    assertUnique(ErrorCode::type);
    assertUnique(ErrorCode::title);
    assertUnique(ErrorCode::remedy);
  }

  @Test
  void shouldNotBeSentAgainBlindly_whenKafkaMayHaveTakenIt() {
    assertFalse(ErrorCode.KAFKA_AMBIGUOUS.retryable());
    assertTrue(ErrorCode.KAFKA_UNAVAILABLE.retryable());
  }

  @Test
  void shouldTravelWithAnException() {
    Exception cause = new IOException("gone");
    var e = new KanalException(ErrorCode.KAFKA_UNAVAILABLE, "Expected a broker, but none", cause);
    assertSame(ErrorCode.KAFKA_UNAVAILABLE, e.code());
    assertSame(Category.DEPENDENCY, e.code().category());
    assertSame(cause, e.getCause());
    assertEquals("Expected a broker, but none", e.getMessage());
  }

  @Test
  void shouldStop_whenAnInvariantIsBroken() {
    Invariant.check(
        true,
        () -> {
          throw new AssertionError("the message is made although it is not needed");
        });
    var e =
        assertThrows(
            IllegalStateException.class,
            () -> Invariant.check(false, () -> "Expected 1 permit, but job 7 holds 2"));
    assertEquals("Expected 1 permit, but job 7 holds 2", e.getMessage());
  }

  @Test
  void shouldBeDocumented() throws IOException {
    String rendered = ErrorPage.render();
    if (Boolean.getBoolean("kanal.docs.write")) {
      Files.writeString(PAGE, rendered);
    }
    assertEquals(
        rendered,
        Files.readString(PAGE),
        "docs/ERRORS.md is stale; run: mvn -pl common -am test"
            + " -Dsurefire.failIfNoSpecifiedTests=false -Dtest=ErrorCodeTest"
            + " -Dkanal.docs.write=true");
  }

  private static void assertUnique(Function<ErrorCode, String> property) {
    ErrorCode[] all = ErrorCode.values();
    assertEquals(all.length, Arrays.stream(all).map(property).distinct().count());
  }
}
