package dev.kanal.common.job;

/** Texts of users: their bounds, and how they are cut. */
public final class Texts {
  private Texts() {}

  /** The beginning of a text, at most {@code max} characters, never half of a surrogate pair. */
  public static String cut(String text, int max) {
    if (text.length() <= max) {
      return text;
    }
    boolean splits = max > 0 && Character.isHighSurrogate(text.charAt(max - 1));
    return text.substring(0, splits ? max - 1 : max);
  }

  /** The same, with an ellipsis in place of what is left out. */
  public static String shown(String text, int max) {
    return text.length() <= max ? text : cut(text, max) + "…";
  }

  /** Where half of a surrogate pair stands alone, which UTF-8 cannot say; -1 if nowhere. */
  public static int firstHalf(String text) {
    int at = 0;
    while (at < text.length()) {
      int c = text.codePointAt(at);
      if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
        return at;
      }
      at += Character.charCount(c);
    }
    return -1;
  }

  /** Checks a text that becomes part of a row's key, where U+0000 stands between parts. */
  static void check(String name, String text, int max) {
    int length = text.codePointCount(0, text.length());
    if (length < 1 || length > max || text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          "Expected " + name + " of 1 to " + max + " characters without U+0000, but got " + length);
    }
  }
}
