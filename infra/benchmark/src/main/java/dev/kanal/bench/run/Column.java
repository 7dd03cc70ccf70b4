package dev.kanal.bench.run;

/**
 * Something that is measured.
 *
 * @param moreIsBetter how the ratio to a rival is formed: above 1 always means that Kanal is better
 */
public record Column(String name, String unit, boolean moreIsBetter) {
  public static Column rate(String name, String unit) {
    return new Column(name, unit, true);
  }

  /** A measure of which less is better, such as a time. */
  public static Column cost(String name, String unit) {
    return new Column(name, unit, false);
  }
}
