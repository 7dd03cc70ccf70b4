package dev.kanal.common.job;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.jspecify.annotations.Nullable;

/** Why an attempt failed, cut to its bounds. */
public record ErrorInfo(String type, String message, @Nullable String stack) {
  /** Longest {@code type}, in characters. */
  public static final int TYPE_MAX = 200;

  /** Longest {@code message}, in characters. */
  public static final int MESSAGE_MAX = 2_000;

  /** Longest {@code stack}, in characters. */
  public static final int STACK_MAX = 8_000;

  public ErrorInfo {
    type = cut(type, TYPE_MAX);
    message = cut(message, MESSAGE_MAX);
    stack = stack == null ? null : cut(stack, STACK_MAX);
  }

  public static ErrorInfo of(Throwable thrown) {
    StringWriter stack = new StringWriter();
    thrown.printStackTrace(new PrintWriter(stack));
    String message = thrown.getMessage();
    return new ErrorInfo(
        thrown.getClass().getName(), message == null ? "" : message, stack.toString());
  }

  public ErrorInfo withoutStack() {
    return stack == null ? this : new ErrorInfo(type, message, null);
  }

  private static String cut(String text, int max) {
    return text.length() <= max ? text : Texts.shown(text, max - 1);
  }
}
