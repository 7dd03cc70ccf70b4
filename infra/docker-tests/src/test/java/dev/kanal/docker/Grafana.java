package dev.kanal.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The files in {@code infra/grafana}. */
final class Grafana {
  /** Expressions have a line each, so that no YAML need be read here. */
  private static final Pattern EXPRESSION = Pattern.compile("(?m)^ +expr: (.+)$");

  private static final Pattern ALERT = Pattern.compile("(?m)^ +- alert: (\\w+)$");
  private static final Pattern LABEL_VALUES = Pattern.compile("label_values\\((\\w+), (\\w+)\\)");

  private final Path folder = Project.root().resolve("infra/grafana");
  private final ObjectMapper json = new ObjectMapper();

  Path alertsFile() {
    return folder.resolve("alerts.yml");
  }

  List<JsonNode> dashboards() throws IOException {
    List<JsonNode> read = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder.resolve("dashboards"))) {
      for (Path file : files.sorted().toList()) {
        read.add(json.readTree(file.toFile()));
      }
    }
    return read;
  }

  List<String> alerts() throws IOException {
    return ALERT.matcher(Files.readString(alertsFile())).results().map(r -> r.group(1)).toList();
  }

  /** All expressions, of panels, variables and alerts. */
  List<Asked> asked() throws IOException {
    List<Asked> all = new ArrayList<>();
    for (JsonNode dashboard : dashboards()) {
      addPanels(dashboard, all);
      addVariables(dashboard, all);
    }
    List<String> names = alerts();
    List<String> expressions =
        EXPRESSION
            .matcher(Files.readString(alertsFile()))
            .results()
            .map(result -> result.group(1))
            .toList();
    if (names.size() != expressions.size()) {
      throw new IllegalStateException(
          "Expected each alert to have its expression on one line, but there are %d alerts and %d"
              .formatted(names.size(), expressions.size()));
    }
    for (int i = 0; i < names.size(); i++) {
      all.add(new Asked("alert " + names.get(i), expressions.get(i)));
    }
    return all;
  }

  private static void addPanels(JsonNode dashboard, List<Asked> all) {
    for (JsonNode panel : dashboard.path("panels")) {
      String where = dashboard.path("title").asText() + ", " + panel.path("title").asText();
      for (JsonNode target : panel.path("targets")) {
        all.add(new Asked(where, target.path("expr").asText()));
      }
    }
  }

  private static void addVariables(JsonNode dashboard, List<Asked> all) {
    for (JsonNode variable : dashboard.path("templating").path("list")) {
      Matcher values = LABEL_VALUES.matcher(variable.path("definition").asText());
      if (values.matches()) {
        String where = dashboard.path("title").asText() + ", variable " + variable.path("name");
        all.add(new Asked(where, "count by (" + values.group(2) + ") (" + values.group(1) + ")"));
      }
    }
  }
}
