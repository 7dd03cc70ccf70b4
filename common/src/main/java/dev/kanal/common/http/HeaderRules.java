package dev.kanal.common.http;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which headers a call may have, and which values. */
public final class HeaderRules {
  /** Longest value, in characters. */
  public static final int VALUE_MAX = 8_000;

  static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,200}");

  private static final String OURS_PREFIX = "kanal-";

  /** The headers of the connection and the protocol, and those that the handler sets itself. */
  private static final Set<String> FORBIDDEN =
      Set.of(
          "baggage",
          "connection",
          "content-length",
          "expect",
          "host",
          "http2-settings",
          "idempotency-key",
          "keep-alive",
          "proxy-authenticate",
          "proxy-authorization",
          "proxy-connection",
          "te",
          "traceparent",
          "tracestate",
          "trailer",
          "transfer-encoding",
          "upgrade");

  private HeaderRules() {}

  static boolean isForbidden(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return FORBIDDEN.contains(lower) || lower.startsWith(OURS_PREFIX);
  }

  /**
   * Why a value cannot be sent as it is, to stand after "Expected … as header X, but"; null if it
   * can. Never shows the value. Characters beyond ASCII arrive differently at different servers,
   * and leading and trailing spaces are lost.
   */
  public static @Nullable String fault(String value) {
    if (value.length() > VALUE_MAX) {
      return "it has " + value.length() + " characters";
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c != '\t' && (c < 0x20 || c > 0x7E)) {
        return "character " + (i + 1) + " is U+%04X".formatted(value.codePointAt(i));
      }
    }
    return value.equals(value.strip()) ? null : "it begins or ends with a space";
  }

  /** The beginning of a message that ends with {@link #fault}. */
  public static String expectation(String name) {
    return "Expected ASCII text of at most " + VALUE_MAX + " characters as header " + name;
  }
}
