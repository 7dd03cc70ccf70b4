package dev.kanal.bench.run;

import java.util.List;

/** What the trials of a contender measured in one column. */
public record Series(List<Double> values) {
  /**
   * @throws IllegalArgumentException if there are none
   */
  public Series {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("Expected at least one value, but there is none");
    }
    values = values.stream().sorted().toList();
  }

  public double min() {
    return values.getFirst();
  }

  public double max() {
    return values.getLast();
  }

  /** Of an even number of values the mean of the two in the middle. */
  public double median() {
    int half = values.size() / 2;
    return values.size() % 2 == 1
        ? values.get(half)
        : (values.get(half - 1) + values.get(half)) / 2;
  }
}
