package dev.kanal.docker;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads out of an expression which metrics it is about. */
final class PromQl {
  private static final Pattern TOKEN =
      Pattern.compile(
          "\"(?:[^\"\\\\]|\\\\.)*\"|\\[[^]]*]|\\d+[smhdwy]|[A-Za-z_:][A-Za-z0-9_:]*|\\S");
  private static final Pattern NAME = Pattern.compile("[A-Za-z_:][A-Za-z0-9_:]*");
  private static final Pattern MATCHER =
      Pattern.compile("([A-Za-z_]\\w*)(=~|!~|!=|=)\"((?:[^\"\\\\]|\\\\.)*)\"");
  private static final Set<String> OPERATORS = Set.of("and", "or", "unless", "bool", "offset");
  private static final Set<String> LABEL_LISTS =
      Set.of("by", "without", "on", "ignoring", "group_left", "group_right");

  /** What an expression says of one label of a metric. */
  record Selection(String label, String operator, String value) {}

  /** Metrics with what is selected of each. */
  private final Map<String, List<Selection>> metrics = new TreeMap<>();

  /** Labels that results are grouped or joined by. */
  private final Set<String> grouping = new TreeSet<>();

  private final List<String> tokens;

  private PromQl(List<String> tokens) {
    this.tokens = tokens;
  }

  static PromQl of(String expression) {
    PromQl read = new PromQl(TOKEN.matcher(expression).results().map(r -> r.group()).toList());
    read.read();
    return read;
  }

  Map<String, List<Selection>> metrics() {
    return metrics;
  }

  Set<String> grouping() {
    return grouping;
  }

  private void read() {
    int at = 0;
    while (at < tokens.size()) {
      String token = tokens.get(at);
      String next = at + 1 < tokens.size() ? tokens.get(at + 1) : "";
      boolean called = next.equals("(") || LABEL_LISTS.contains(next);
      if (LABEL_LISTS.contains(token)) {
        int end = endOf(at + 1, ")");
        tokens.subList(at + 2, end).stream()
            .filter(name -> NAME.matcher(name).matches())
            .forEach(grouping::add);
        at = end + 1;
      } else if (NAME.matcher(token).matches() && !called && !OPERATORS.contains(token)) {
        at = readMetric(at);
      } else {
        at++;
      }
    }
  }

  private int readMetric(int at) {
    List<Selection> selections = metrics.computeIfAbsent(tokens.get(at), _ -> new ArrayList<>());
    if (at + 1 == tokens.size() || !tokens.get(at + 1).equals("{")) {
      return at + 1;
    }
    int end = endOf(at + 1, "}");
    Matcher matcher = MATCHER.matcher(String.join("", tokens.subList(at + 2, end)));
    while (matcher.find()) {
      selections.add(new Selection(matcher.group(1), matcher.group(2), matcher.group(3)));
    }
    return end + 1;
  }

  private int endOf(int from, String closing) {
    int end = from;
    while (end < tokens.size() && !tokens.get(end).equals(closing)) {
      end++;
    }
    if (end == tokens.size()) {
      throw new IllegalArgumentException("Expected " + closing + " in " + String.join(" ", tokens));
    }
    return end;
  }
}
