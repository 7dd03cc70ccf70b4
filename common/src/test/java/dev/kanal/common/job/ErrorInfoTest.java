package dev.kanal.common.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class ErrorInfoTest {
  @Test
  void shouldCutToItsBounds_withoutSplittingACharacter() {
    ErrorInfo exact = new ErrorInfo("t", "x".repeat(ErrorInfo.MESSAGE_MAX), null);
    assertEquals("x".repeat(ErrorInfo.MESSAGE_MAX), exact.message());

    ErrorInfo cut = new ErrorInfo("t", "x" + "😀".repeat(ErrorInfo.MESSAGE_MAX), null);
    assertTrue(cut.message().length() <= ErrorInfo.MESSAGE_MAX);
    assertTrue(cut.message().endsWith("😀…"), "ends with a whole character");
  }

  @Test
  void shouldTakeTypeMessageAndStackOfAThrowable() {
    ErrorInfo error = ErrorInfo.of(new IllegalStateException("planted"));
    assertEquals("java.lang.IllegalStateException", error.type());
    assertEquals("planted", error.message());
    assertTrue(String.valueOf(error.stack()).contains("ErrorInfoTest"));
  }
}
