package dev.kanal.common.config;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Guesses what the user meant to write. */
final class Nearest {
  private static final int KEY_MAX = 100;

  private Nearest() {}

  /** "; did you mean ...?", or nothing if no candidate is near. */
  static String suggestion(String key, List<String> candidates) {
    if (key.length() > KEY_MAX) {
      return "";
    }
    String wanted = plain(key);
    return candidates.stream()
        .min(Comparator.comparingInt(candidate -> distance(wanted, plain(candidate))))
        .filter(nearest -> distance(wanted, plain(nearest)) <= Math.max(2, key.length() / 3))
        .map(nearest -> "; did you mean " + nearest + "?")
        .orElse("");
  }

  /** Case and the kind of separator are not worth a difference. */
  private static String plain(String key) {
    return key.toLowerCase(Locale.ROOT).replace('-', '.').replace('_', '.');
  }

  /** Levenshtein's distance. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
