package dev.kanal.bench.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** All figures of a run as JSON, for programs that compare runs. */
public final class ResultFile {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private ResultFile() {}

  /**
   * @param conditions machine, versions and the like, by name
   */
  public static void write(Path file, Map<String, String> conditions, List<Figures> all)
      throws IOException {
    ObjectNode root = JSON.createObjectNode();
    ObjectNode noted = root.putObject("conditions");
    conditions.forEach(noted::put);
    ObjectNode benchmarks = root.putObject("benchmarks");
    all.forEach(each -> add(benchmarks.putObject(each.benchmark().name()), each));
    JSON.writeValue(file.toFile(), root);
  }

  private static void add(ObjectNode node, Figures figures) {
    for (Contender contender : figures.benchmark().contenders()) {
      ObjectNode measured = node.putObject(contender.name());
      for (Column column : figures.benchmark().columns()) {
        figures
            .series(contender.name(), column)
            .ifPresent(
                series -> {
                  ObjectNode values = measured.putObject(column.name());
                  values.put("unit", column.unit());
                  values.put("median", series.median());
                  values.put("min", series.min());
                  values.put("max", series.max());
                  values.putPOJO("all", series.values());
                  figures
                      .ratio(contender.name(), column)
                      .ifPresent(ratio -> values.put("kanalIsBetterBy", ratio));
                });
      }
    }
    figures.remarks().forEach((name, why) -> node.withObjectProperty(name).put("remark", why));
  }
}
