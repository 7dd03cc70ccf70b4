package dev.kanal.common.config;

import dev.kanal.common.job.Texts;
import java.util.Locale;
import java.util.regex.Pattern;

/** How values are shown: on one line, not at length, and secrets not at all. */
final class Secrets {
  static final int SHOWN_MAX = 200;

  private static final String MASK = "****";
  private static final Pattern SECRET =
      Pattern.compile("password|secret|jaas|token|credential|\\.key$");
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

  private Secrets() {}

  /** The value of a setting of ours. */
  static String shown(Setting<?> setting, String value) {
    return setting.traits().secret() ? MASK : shown(setting.key(), value);
  }

  /** The value of a setting that is known by its name alone. */
  static String shown(String key, String value) {
    if (SECRET.matcher(key.toLowerCase(Locale.ROOT)).find()) {
      return MASK;
    }
    String line = CONTROL.matcher(value).replaceAll("?");
    return line.length() <= SHOWN_MAX ? line : Texts.cut(line, SHOWN_MAX) + "...";
  }
}
