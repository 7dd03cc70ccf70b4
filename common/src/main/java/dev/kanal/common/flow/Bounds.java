package dev.kanal.common.flow;

import dev.kanal.common.job.Texts;
import java.time.Duration;
import java.util.regex.Pattern;

/** The checks that all parts of a definition have in common. */
final class Bounds {
  private static final Pattern NAME = Pattern.compile(FlowSpec.NAME);
  private static final int SHOWN = 100;

  private Bounds() {}

  static void checkName(String what, String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "Expected "
              + what
              + " to match "
              + FlowSpec.NAME
              + ", but got "
              + Texts.shown(name, SHOWN));
    }
  }

  static void check(String what, long value, long min, long max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          "Expected " + what + " from " + min + " to " + max + ", but got " + value);
    }
  }

  static void check(String what, Duration value, Duration min, Duration max) {
    if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
      throw new IllegalArgumentException(
          "Expected " + what + " from " + min + " to " + max + ", but got " + value);
    }
  }
}
