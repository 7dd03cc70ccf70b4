package dev.kanal.common.template;

import dev.kanal.common.job.Texts;
import dev.kanal.common.json.StrictJson;
import java.util.ArrayList;
import java.util.List;

/**
 * A JSON pointer (RFC 6901): the way to a value in a document, the names and indices from the
 * outside in. The empty pointer means the whole document.
 *
 * @param tokens names and indices, unescaped; at most {@link #TOKENS_MAX}
 */
public record Pointer(List<String> tokens) {
  public static final Pointer WHOLE = new Pointer(List.of());

  /** Most tokens of a pointer: deeper values cannot be pointed at. */
  public static final int TOKENS_MAX = 100;

  /** Longest text of a pointer, in characters. */
  public static final int TEXT_MAX = 1_000;

  private static final int SHOWN = 100;

  public Pointer {
    if (tokens.size() > TOKENS_MAX) {
      throw new IllegalArgumentException(
          "Expected a JSON pointer of at most " + TOKENS_MAX + " tokens, but got " + tokens.size());
    }
    tokens = List.copyOf(tokens);
  }

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException if {@code text} is none, or too long
   */
  public static Pointer parse(String text) {
    if (text.isEmpty()) {
      return WHOLE;
    }
    if (text.length() > TEXT_MAX) {
      throw new IllegalArgumentException(
          "Expected a JSON pointer of at most "
              + TEXT_MAX
              + " characters, but got "
              + text.length());
    }
    if (text.charAt(0) != '/') {
      throw new IllegalArgumentException(
          "Expected a JSON pointer, which is empty or begins with /, but got "
              + Texts.shown(text, SHOWN));
    }
    List<String> tokens = new ArrayList<>();
    int from = 1;
    while (from <= text.length()) {
      int slash = text.indexOf('/', from);
      int to = slash < 0 ? text.length() : slash;
      tokens.add(unescaped(text, from, to));
      from = to + 1;
    }
    return new Pointer(tokens);
  }

  private static String unescaped(String text, int from, int to) {
    StringBuilder token = new StringBuilder(to - from);
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (c == '~') {
        char next = ++i < to ? text.charAt(i) : ' ';
        if (next != '0' && next != '1') {
          throw new IllegalArgumentException(
              "Expected a JSON pointer in which ~ stands before 0 or 1, but got "
                  + Texts.shown(text, SHOWN));
        }
        c = next == '0' ? '~' : '/';
      }
      token.append(c);
    }
    return token.toString();
  }

  /** The text form. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (String token : tokens) {
      text.append('/').append(StrictJson.pointerToken(token));
    }
    return text.toString();
  }
}
