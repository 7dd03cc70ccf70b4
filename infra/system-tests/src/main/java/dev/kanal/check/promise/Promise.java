package dev.kanal.check.promise;

import java.util.List;

/**
 * One promise and how often it was kept.
 *
 * @param samples the first violations
 */
public record Promise(String text, long checked, long violations, List<String> samples) {
  public Promise {
    if (violations > checked) {
      throw new IllegalArgumentException(
          "Expected at most %d violations of '%s', but got %d"
              .formatted(checked, text, violations));
    }
    samples = List.copyOf(samples);
  }
}
