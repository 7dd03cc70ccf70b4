package dev.kanal.docker;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * An expression that a dashboard or an alert sends to Prometheus.
 *
 * @param where it stands, for people
 * @param expression as it stands there, with Grafana's variables
 */
record Asked(String where, String expression) {
  private static final Pattern ABSENT = Pattern.compile("absent\\((.*)\\)");
  private static final Pattern PARTS =
      Pattern.compile(" (?:or|unless|and(?: on \\([a-z, ]*\\))?) ");
  private static final Pattern COMPARED = Pattern.compile("^(.*) (?:>|<|==|>=|<=) [0-9.]+$");

  /** As Grafana would send it, if everything were chosen. */
  String sent() {
    return expression
        .replace("$__rate_interval", "1m")
        .replace("$queue", ".*")
        .replace("$worker", ".*");
  }

  /**
   * What must have values while the system runs. An alert has none of its own while all is well,
   * and what stands behind an {@code or} may hide that there is nothing before it.
   */
  List<String> parts() {
    return Stream.of(PARTS.split(sent()))
        .map(part -> COMPARED.matcher(part).replaceFirst("$1"))
        .map(part -> ABSENT.matcher(part).replaceFirst("$1"))
        .toList();
  }
}
