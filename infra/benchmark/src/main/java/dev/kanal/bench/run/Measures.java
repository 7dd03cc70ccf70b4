package dev.kanal.bench.run;

import java.util.LinkedHashMap;
import java.util.Map;

/** What a trial measured, by the name of the column. Not for several threads. */
public final class Measures {
  private final Map<String, Double> values = new LinkedHashMap<>();

  public Measures put(Column column, double value) {
    values.put(column.name(), value);
    return this;
  }

  /** In the order in which they were put. */
  public Map<String, Double> values() {
    return values;
  }
}
