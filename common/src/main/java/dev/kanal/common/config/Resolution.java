package dev.kanal.common.config;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Puts sources together, and gathers what is wrong with them. Belongs to one thread. */
final class Resolution {
  static final String DEFAULT = "default";

  private static final String ENVIRONMENT_PREFIX = "KANAL_";

  /** What the launcher and the programs read themselves. */
  private static final List<String> RESERVED =
      List.of("KANAL_CONFIG", "KANAL_HOME", "KANAL_JAVA_OPTS", "KANAL_LOG");

  /** What Kubernetes adds for every service whose name begins with "kanal". */
  private static final Pattern SERVICE_LINK =
      Pattern.compile("KANAL_(.*_)?(SERVICE_HOST|SERVICE_PORT(_.*)?|PORT_\\d+_(TCP|UDP)(_.*)?)");

  private final Map<String, Setting<?>> known = new LinkedHashMap<>();
  private final Map<String, Settings.Entry> entries = new LinkedHashMap<>();
  private final Map<ClientKind, Map<String, String>> clients = new EnumMap<>(ClientKind.class);
  private final List<String> problems = new ArrayList<>();

  Resolution(List<Setting<?>> settings) {
    for (Setting<?> setting : settings) {
      known.put(setting.key(), setting);
      entries.put(setting.key(), new Settings.Entry(setting.defaultText(), DEFAULT));
    }
  }

  void file(Map<String, String> values) {
    new TreeMap<>(values).forEach((key, value) -> set(key, value, "file"));
  }

  void arguments(Map<String, String> values) {
    new TreeMap<>(values).forEach((key, value) -> set(key, value, "command line"));
  }

  void environment(Map<String, String> variables) {
    Map<String, String> keys = new TreeMap<>();
    known.values().forEach(setting -> keys.put(setting.environmentName(), setting.key()));
    new TreeMap<>(variables)
        .forEach(
            (name, value) -> {
              if (isOurs(name, value)) {
                String key = keys.get(name);
                set(key == null ? keyOf(name) : key, value, name);
              }
            });
  }

  Map<String, Settings.Entry> entries() {
    return entries;
  }

  Map<ClientKind, Map<String, String>> clients() {
    return clients;
  }

  List<String> problems() {
    return problems;
  }

  private void set(String key, String value, String source) {
    Setting<?> setting = known.get(key);
    if (setting == null) {
      passThrough(key, value, source);
      return;
    }
    try {
      var _ = setting.reader().apply(value);
      entries.put(key, new Settings.Entry(value, source));
    } catch (IllegalArgumentException e) {
      problems.add(
          key + " (" + source + "): " + e.getMessage() + ", but got " + Secrets.mask(key, value));
    }
  }

  private void passThrough(String key, String value, String source) {
    for (ClientKind kind : ClientKind.values()) {
      if (key.startsWith(kind.prefix())) {
        String name = key.substring(kind.prefix().length());
        if (kind.isFixed(name)) {
          problems.add(
              key + " (" + source + "): cannot be set, because Kanal's guarantees rest on it");
        } else {
          clients.computeIfAbsent(kind, _ -> new TreeMap<>()).put(name, value);
        }
        return;
      }
    }
    problems.add(key + " (" + source + "): unknown setting" + suggestion(key));
  }

  private String suggestion(String key) {
    Optional<String> nearest =
        known.keySet().stream()
            .min((a, b) -> Integer.compare(distance(key, a), distance(key, b)))
            .filter(candidate -> distance(key, candidate) <= Math.max(2, key.length() / 3));
    return nearest.map(name -> "; did you mean " + name + "?").orElse("");
  }

  private static boolean isOurs(String name, String value) {
    return name.startsWith(ENVIRONMENT_PREFIX)
        && !RESERVED.contains(name)
        && !SERVICE_LINK.matcher(name).matches()
        && !(name.endsWith("_PORT") && value.contains("://"));
  }

  private static String keyOf(String variable) {
    return variable
        .substring(ENVIRONMENT_PREFIX.length())
        .toLowerCase(Locale.ROOT)
        .replace('_', '.');
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
