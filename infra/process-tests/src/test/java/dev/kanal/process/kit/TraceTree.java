package dev.kanal.process.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kanal.process.kit.OtlpReceiver.Seen;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** A trace as a tree. */
public record TraceTree(List<Seen> spans) {

  /** Fails if a span's parent is missing, or if there is more than one root. */
  public void assertWhole() {
    Set<String> known = spans.stream().map(Seen::id).collect(Collectors.toCollection(HashSet::new));
    List<Seen> orphans =
        spans.stream()
            .filter(each -> !each.parent().isEmpty() && !known.contains(each.parent()))
            .toList();
    assertEquals(List.of(), orphans.stream().map(Seen::name).toList(), this::text);
    assertEquals(1, roots().size(), this::text);
    assertEquals(known.size(), spans.size(), "a span came twice");
  }

  /** How many spans have which name, with the prefix of topics left out. */
  public Map<String, Long> counts() {
    return spans.stream()
        .map(each -> each.name().replaceAll("(process|send|settle) \\S*?(tasks|log)", "$1 $2"))
        .collect(Collectors.groupingBy(name -> name, Collectors.counting()));
  }

  public List<Seen> roots() {
    return spans.stream().filter(each -> each.parent().isEmpty()).toList();
  }

  public List<Seen> named(String begin) {
    return spans.stream().filter(each -> each.name().startsWith(begin)).toList();
  }

  public String text() {
    StringBuilder text = new StringBuilder();
    Set<String> known = spans.stream().map(Seen::id).collect(Collectors.toSet());
    spans.stream()
        .filter(each -> !known.contains(each.parent()))
        .forEach(root -> append(text, root, 0));
    return text.toString();
  }

  private void append(StringBuilder text, Seen span, int depth) {
    text.append("  ".repeat(depth)).append(span.name());
    text.append("  ").append(span.micros() / 1_000.0).append(" ms  [").append(span.service());
    span.attribute("kanal.attempt").ifPresent(number -> text.append(", attempt ").append(number));
    span.attribute("kanal.outcome").ifPresent(outcome -> text.append(", ").append(outcome));
    span.attribute("error.type").ifPresent(error -> text.append(", ").append(error));
    text.append(span.isError() ? ", ERROR" : "").append(']');
    span.links().forEach(link -> text.append(" ~> ").append(nameOf(link)));
    text.append('\n');
    for (Seen each : spans) {
      if (each.parent().equals(span.id())) {
        append(text, each, depth + 1);
      }
    }
  }

  private String nameOf(String id) {
    return spans.stream()
        .filter(each -> each.id().equals(id))
        .map(each -> "attempt " + each.attribute("kanal.attempt").orElse(each.name()))
        .findFirst()
        .orElse("another trace");
  }
}
