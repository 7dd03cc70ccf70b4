package dev.kanal.check.alerts;

import dev.kanal.check.server.CheckStopped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Alert rules as Prometheus reads them.
 *
 * @param text of the file
 */
record Rules(String text) {
  private static final Pattern ALERT = Pattern.compile("(?m)^ +- alert: (\\w+)$");

  /** How long a rule's condition must hold, how far its rates look back, and its offsets. */
  private static final Pattern DURATION =
      Pattern.compile("((?m:^ +for: )|\\[|\\boffset )(\\d{1,6})(s|m|h)\\b");

  private static final Map<String, Long> UNIT_MS =
      Map.of("s", 1_000L, "m", 60_000L, "h", 3_600_000L);

  static Rules read(Path file) {
    try {
      return new Rules(Files.readString(file));
    } catch (IOException e) {
      throw new CheckStopped("Expected to read alert rules from " + file + ", but: " + e);
    }
  }

  List<String> names() {
    return ALERT.matcher(text).results().map(alert -> alert.group(1)).toList();
  }

  /** The same with all durations divided; thresholds are left as they are. */
  Rules faster(int divisor) {
    return new Rules(DURATION.matcher(text).replaceAll(each -> divided(each, divisor)));
  }

  private static String divided(MatchResult duration, int divisor) {
    long ms = Long.parseLong(duration.group(2)) * UNIT_MS.getOrDefault(duration.group(3), 0L);
    return duration.group(1) + ms / divisor + "ms";
  }
}
