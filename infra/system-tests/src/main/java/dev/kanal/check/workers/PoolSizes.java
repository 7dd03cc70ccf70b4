package dev.kanal.check.workers;

import java.time.Duration;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The sizes of a queue's pool over time, as the worker logs them. */
record PoolSizes(List<Change> changes) {
  private static final Pattern LINE =
      Pattern.compile(
          "(?m)^(\\d\\d:\\d\\d:\\d\\d\\.\\d{3}) .*Queue (\\S+): (\\d+) -> (\\d+) slots"
              + " \\((.*)\\)$");

  PoolSizes {
    changes = List.copyOf(changes);
  }

  /** One change: when, from and to how many slots, and why. */
  record Change(LocalTime at, int from, int to, String why) {}

  static PoolSizes read(String log, String queue) {
    List<Change> changes = new ArrayList<>();
    Matcher line = LINE.matcher(log);
    while (line.find()) {
      if (line.group(2).equals(queue)) {
        changes.add(
            new Change(
                LocalTime.parse(line.group(1)),
                Integer.parseInt(line.group(3)),
                Integer.parseInt(line.group(4)),
                line.group(5)));
      }
    }
    return new PoolSizes(changes);
  }

  /** The size now; {@code first} without any change. */
  int size(int first) {
    return changes.isEmpty() ? first : changes.getLast().to;
  }

  PoolSizes after(int count) {
    return new PoolSizes(changes.subList(Math.min(count, changes.size()), changes.size()));
  }

  /** A line for each change. */
  List<String> table(LocalTime start) {
    return changes.stream()
        .map(
            change ->
                "%8.1f s %6d slots  %s"
                    .formatted(
                        Duration.between(start, change.at).toMillis() / 1_000.0,
                        change.to,
                        change.why))
        .toList();
  }
}
