package dev.kanal.standalone;

import dev.kanal.common.job.Texts;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The variables of OpenTelemetry, as they are shown at the start. */
final class OtelVariables {
  private static final int SHOWN_MAX = 200;

  private OtelVariables() {}

  /** Headers, keys and what stands in a URL before an {@code @} are secrets. */
  static List<String> shown(Map<String, String> environment) {
    Map<String, String> sorted = new TreeMap<>(environment);
    sorted.keySet().removeIf(name -> !name.startsWith("OTEL_"));
    return sorted.entrySet().stream()
        .map(each -> each.getKey() + "  " + shown(each.getKey(), each.getValue()))
        .toList();
  }

  private static String shown(String name, String value) {
    if (name.endsWith("_HEADERS") || name.contains("KEY") || name.contains("PASSWORD")) {
      return "****";
    }
    String line = value.replaceAll("\\p{Cntrl}", "?").replaceAll("//[^/@]*@", "//****@");
    return line.length() <= SHOWN_MAX ? line : Texts.cut(line, SHOWN_MAX) + "...";
  }
}
