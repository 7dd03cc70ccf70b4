package dev.kanal.scheduler.engine;

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
              + "|(?<number>\\d++(?:[.,]\\d++)*+(?!xx))"
              + "|(?<space>[\\s\\p{Cntrl}]+)");

  private FailureRule() {}

  /** The message without what differs from job to job, at most {@link #MESSAGE_MAX} long. */
  static String normal(String message) {
    Matcher matcher = VARIABLE.matcher(cut(message, LOOKED_MAX));
    StringBuilder normal = new StringBuilder();
    while (matcher.find()) {
      matcher.appendReplacement(normal, instead(matcher));
    }
    matcher.appendTail(normal);
    return cut(normal.toString().strip(), MESSAGE_MAX);
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
    return found.group("number") != null ? "#" : " ";
  }

  private static String cut(String text, int max) {
    if (text.length() <= max) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(max - 2)) ? max - 2 : max - 1;
    return text.substring(0, end) + "…";
  }
}
