package dev.kanal.common.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The dashboard.
 *
 * @param traceUrl where a trace is shown: a template with {@code {traceId}}; empty for nowhere
 */
public record UiConfig(Mode mode, String traceUrl) {
  private static final Setting<String> MODE =
      Setting.choice(
          "ui",
          "on",
          Arrays.stream(Mode.values()).map(Mode::text).toList(),
          "whether the dashboard is served; read-only: it changes nothing, and writes that come of a"
              + " page in a browser are refused");
  private static final Setting<String> TRACE_URL =
      Setting.text(
          "ui.trace-url",
          "",
          Pattern.compile("https?://[^\\s\"'<>\\\\{}]+\\{traceId}[^\\s\"'<>\\\\{}]*|"),
          "where the dashboard's links to traces lead, such as http://localhost:3000/{traceId};"
              + " empty: no links");

  static final List<Setting<?>> SETTINGS = List.of(MODE, TRACE_URL);

  public static final UiConfig DEFAULT = new UiConfig(Mode.ON, "");

  public UiConfig {
    TRACE_URL.check(traceUrl);
  }

  public static UiConfig from(Settings settings) {
    String mode = settings.get(MODE).toUpperCase(Locale.ROOT).replace('-', '_');
    return new UiConfig(Mode.valueOf(mode), settings.get(TRACE_URL));
  }

  /** What the dashboard may do. */
  public enum Mode {
    ON,
    READ_ONLY,
    OFF;

    /** The form of settings and of the API, such as {@code read-only}. */
    public String text() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }
}
