package dev.kanal.scheduler.engine.failure;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which failures are the same: what differs from job to job is taken out of an error's message.
 *
 * <p>INVARIANT: fixed for ever, as the format of a row is: a job that was counted by another rule
 * would never be taken off its group.
 */
final class FailureRule {
  /** Longest message of a group, in characters. */
  static final int MESSAGE_MAX = 300;

  /** So much of a message is looked at, in characters. */
  static final int LOOKED_MAX = 1_000;

  private static final Pattern VARIABLE =
      Pattern.compile(
          "(?<uuid>\\b\\p{XDigit}{8}(?:-\\p{XDigit}{4}){3}-\\p{XDigit}{12}\\b)"
              + "|(?<time>\\b\\d{4}-\\d{2}-\\d{2}[T ]\\d{2}:\\d{2}(?::\\d{2}(?:[.,]\\d{1,9})?)?"
              + "(?:Z|[+-]\\d{2}:?\\d{2})?)"
              + "|(?<hex>\\b0[xX]\\p{XDigit}+|(?<=@)\\p{XDigit}{4,16}\\b"
              + "|\\b(?=[a-fA-F]*\\d)(?=\\d*[a-fA-F])\\p{XDigit}{8,}\\b)"
              + "|(?<quoted>\"[^\"]*\"|`[^`]*`|(?<![\\p{L}\\d])'[^']*'(?![\\p{L}\\d]))"
              + "|(?<number>\\d++(?:[.,]\\d++)*+(?!xx))");

  /** The least that begins with a letter: after an {@code @}. */
  private static final int HEX_MIN = 4;

  private FailureRule() {}

  /** The message without what differs from job to job, at most {@link #MESSAGE_MAX} long. */
  static String normal(String message) {
    String text = cut(message, LOOKED_MAX);
    Matcher variable = VARIABLE.matcher(text).useTransparentBounds(true).useAnchoringBounds(false);
    StringBuilder normal = new StringBuilder(text.length());
    for (int at = 0; at < text.length(); ) {
      char next = text.charAt(at);
      if (isSpace(next)) {
        at = endOfSpace(text, at);
        normal.append(' ');
      } else if (mayVary(text, at) && variable.region(at, text.length()).lookingAt()) {
        at = variable.end();
        normal.append(instead(variable));
      } else {
        normal.append(next);
        at++;
      }
    }
    return cut(normal.toString().strip(), MESSAGE_MAX);
  }

  /** Whether the expression can match there; to look is much cheaper than to try. */
  private static boolean mayVary(String text, int at) {
    char first = text.charAt(at);
    if (first == '"' || first == '`' || first == '\'' || (first >= '0' && first <= '9')) {
      return true;
    }
    int end = at + HEX_MIN;
    for (int i = at; i < end; i++) {
      if (i == text.length() || !isHex(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isHex(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  }

  private static boolean isSpace(char c) {
    return c <= ' ' || c == '\u007f';
  }

  private static int endOfSpace(String text, int from) {
    int end = from;
    while (end < text.length() && isSpace(text.charAt(end))) {
      end++;
    }
    return end;
  }

  /** The group of failures of one kind, as a number. */
  static long group(String queue, String type, String error, String normal) {
    try {
      byte[] text = String.join("\0", queue, type, error, normal).getBytes(StandardCharsets.UTF_8);
      return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(text)).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Expected SHA-256, but this Java has none", e);
    }
  }

  private static String instead(Matcher found) {
    if (found.group("uuid") != null) {
      return "<uuid>";
    } else if (found.group("time") != null) {
      return "<time>";
    } else if (found.group("hex") != null) {
      return "<hex>";
    } else if (found.group("quoted") != null) {
      return "'…'";
    }
    return "#";
  }

  private static String cut(String text, int max) {
    if (text.length() <= max) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(max - 2)) ? max - 2 : max - 1;
    return text.substring(0, end) + "…";
  }
}
