package dev.kanal.common.config;

import java.util.Locale;
import java.util.regex.Pattern;

/** Which values are not shown. */
final class Secrets {
  private static final Pattern SECRET =
      Pattern.compile("password|secret|jaas|token|credential|\\.key$");

  private Secrets() {}

  static String mask(String key, String value) {
    return SECRET.matcher(key.toLowerCase(Locale.ROOT)).find() ? "****" : value;
  }
}
