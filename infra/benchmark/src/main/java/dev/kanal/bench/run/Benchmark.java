package dev.kanal.bench.run;

import java.util.List;

/**
 * A question and its contenders.
 *
 * @param sizes what is run, as a sentence; for the whole and scaled down
 * @param contenders Kanal's first, to which the others are compared
 */
public record Benchmark(
    String name, String title, Sizes sizes, List<Column> columns, List<Contender> contenders) {
  /** How much is run, in words. */
  public record Sizes(String whole, String quick) {
    public String of(boolean isQuick) {
      return isQuick ? quick : whole;
    }
  }

  public Benchmark {
    columns = List.copyOf(columns);
    contenders = List.copyOf(contenders);
  }

  /**
   * The same with fewer contenders.
   *
   * @param names of those that stay; all do if it is empty
   */
  public Benchmark only(List<String> names) {
    List<Contender> some =
        contenders.stream().filter(each -> names.isEmpty() || names.contains(each.name())).toList();
    return new Benchmark(name, title, sizes, columns, some);
  }

  /**
   * @throws IllegalArgumentException if there is none of that name
   */
  public Contender contender(String wanted) {
    return contenders.stream()
        .filter(each -> each.name().equals(wanted))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("Expected a contender, but found " + wanted));
  }
}
