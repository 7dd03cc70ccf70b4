package dev.kanal.check.promise;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The result: passed, if every promise was kept and everything that was to be checked was checked.
 */
public record Verdict(List<Promise> promises, List<String> notChecked) {
  private static final int TEXT_WIDTH = 52;

  /**
   * @param notChecked what should have been checked and could not be; each fails the check
   */
  public Verdict {
    promises = List.copyOf(promises);
    notChecked = List.copyOf(notChecked);
  }

  public boolean passed() {
    return notChecked.isEmpty() && promises.stream().allMatch(p -> p.violations() == 0);
  }

  /** The table, a sample line under each broken promise. */
  public List<String> table() {
    List<String> lines = new ArrayList<>();
    lines.add(row("promise", "checked", "violations"));
    for (Promise promise : promises) {
      lines.add(row(promise.text(), number(promise.checked()), number(promise.violations())));
      promise.samples().forEach(sample -> lines.add("    " + sample));
    }
    return lines;
  }

  /** The last line of a check. */
  public String conclusion() {
    if (passed()) {
      return "check passed";
    }
    List<String> broken = new ArrayList<>(notChecked);
    for (Promise promise : promises) {
      if (promise.violations() > 0) {
        broken.add(
            "%s of %s break '%s'"
                .formatted(
                    number(promise.violations()), number(promise.checked()), promise.text()));
      }
    }
    return broken.stream().collect(Collectors.joining("; ", "check FAILED: ", ""));
  }

  private static String row(String text, String checked, String violations) {
    return String.format(Locale.ROOT, "%-" + TEXT_WIDTH + "s %12s %12s", text, checked, violations);
  }

  private static String number(long n) {
    return String.format(Locale.ROOT, "%,d", n);
  }
}
