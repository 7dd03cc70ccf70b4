package dev.kanal.common.unit;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes in bytes as people write them: {@code 512B}, {@code 256KiB}, {@code 1MiB}. */
public final class Sizes {
  /** The accepted forms, for messages. */
  public static final String FORMS = "a size such as 512B, 256KiB, 64MiB or 2GiB";

  private static final Pattern HUMAN = Pattern.compile("(\\d{1,9})(B|KiB|MiB|GiB)");

  private Sizes() {}

  /**
   * Reads a number of bytes.
   *
   * @throws IllegalArgumentException if {@code text} is no such size
   */
  public static long parse(String text) {
    Matcher human = HUMAN.matcher(text);
    if (!human.matches()) {
      throw new IllegalArgumentException("Expected " + FORMS);
    }
    long amount = Long.parseLong(human.group(1));
    return switch (human.group(2)) {
      case "B" -> amount;
      case "KiB" -> amount << 10;
      case "MiB" -> amount << 20;
      default -> amount << 30;
    };
  }

  /** The shortest exact form. */
  public static String format(long bytes) {
    String[] units = {"B", "KiB", "MiB", "GiB"};
    int unit = 0;
    long amount = bytes;
    while (unit < units.length - 1 && amount != 0 && amount % 1024 == 0) {
      amount /= 1024;
      unit++;
    }
    return amount + units[unit];
  }
}
