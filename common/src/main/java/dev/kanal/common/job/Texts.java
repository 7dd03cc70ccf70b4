package dev.kanal.common.job;

/** Checks texts that become parts of rows' keys, where U+0000 stands between parts. */
final class Texts {
  private Texts() {}

  static void check(String name, String text, int max) {
    int length = text.codePointCount(0, text.length());
    if (length < 1 || length > max || text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          "Expected " + name + " of 1 to " + max + " characters without U+0000, but got " + length);
    }
  }
}
