package dev.kanal.bench.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The figures of a benchmark as a Markdown table. */
public final class Table {
  private Table() {}

  public static List<String> of(Figures figures, boolean quick) {
    Benchmark benchmark = figures.benchmark();
    List<String> lines = new ArrayList<>();
    lines.add("### " + benchmark.name() + ": " + benchmark.title());
    lines.add("");
    lines.add((quick ? "Scaled down: " : "") + benchmark.sizes().of(quick));
    lines.add("");
    lines.add("| contender | what | median | min | max | the first is better by |");
    lines.add("|---|---|---:|---:|---:|---:|");
    for (Contender contender : benchmark.contenders()) {
      for (Column column : benchmark.columns()) {
        figures
            .series(contender.name(), column)
            .ifPresent(
                series ->
                    lines.add(
                        row(contender, column, series)
                            + (contender.equals(benchmark.contenders().getFirst())
                                ? " |"
                                : figures
                                        .ratio(contender.name(), column)
                                        .map(ratio -> " " + number(ratio))
                                        .orElse("")
                                    + " |")));
      }
    }
    figures.remarks().forEach((name, why) -> lines.add("\n" + name + ": " + why));
    lines.add("");
    return lines;
  }

  private static String row(Contender contender, Column column, Series series) {
    return "| %s | %s, %s | %s | %s | %s |"
        .formatted(
            contender.name(),
            column.name(),
            column.unit(),
            number(series.median()),
            number(series.min()),
            number(series.max()));
  }

  /** With three significant digits, or whole. */
  static String number(double value) {
    double size = Math.abs(value);
    String pattern = size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f";
    return String.format(Locale.ROOT, pattern, value);
  }
}
