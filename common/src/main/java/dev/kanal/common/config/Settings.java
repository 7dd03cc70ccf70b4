package dev.kanal.common.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The settings of a process: every known key with its value and where it came from. */
public final class Settings {
  private final Map<String, Entry> entries;
  private final Map<ClientKind, Map<String, Entry>> clients;

  Settings(Map<String, Entry> entries, Map<ClientKind, Map<String, Entry>> clients) {
    this.entries = entries;
    this.clients = clients;
  }

  /**
   * Puts the sources together.
   *
   * @throws ConfigException with every unknown key, with a suggestion, every value that cannot be
   *     read or is out of its bounds, and values that do not go together
   */
  public static Settings resolve(Role role, Sources sources) throws ConfigException {
    Resolution resolution = new Resolution(role);
    resolution.file(sources.file());
    resolution.environment(sources.environment());
    resolution.arguments(sources.arguments());
    Settings settings = resolution.settings();
    if (!resolution.problems().isEmpty()) {
      throw new ConfigException(resolution.problems());
    }
    return settings;
  }

  /** The value of a setting. */
  public <T> T get(Setting<T> setting) {
    return setting.read(entry(setting).text());
  }

  /** What is passed through to Kafka clients of a kind: what is common to all, and its own. */
  public Map<String, String> client(ClientKind kind) {
    Map<String, String> both = new TreeMap<>();
    entries(ClientKind.COMMON).forEach((name, entry) -> both.put(name, entry.text()));
    entries(kind).forEach((name, entry) -> both.put(name, entry.text()));
    return both;
  }

  /** A line a setting that is not a default, in columns: key, value, source. Secrets are masked. */
  public List<String> effective() {
    Map<String, Entry> shown = new LinkedHashMap<>();
    for (Setting<?> setting : Concern.all()) {
      Entry entry = entry(setting);
      if (isGiven(setting)) {
        shown.put(setting.key(), new Entry(Secrets.shown(setting, entry.text()), entry.source()));
      }
    }
    for (ClientKind kind : ClientKind.values()) {
      entries(kind)
          .forEach(
              (name, entry) ->
                  shown.put(
                      kind.prefix() + name,
                      new Entry(Secrets.shown(name, entry.text()), entry.source())));
    }
    return columns(shown);
  }

  /** Whether it was set, to whatever value. */
  boolean isGiven(Setting<?> setting) {
    return !source(setting).equals(Resolution.DEFAULT);
  }

  String source(Setting<?> setting) {
    return entry(setting).source();
  }

  private Entry entry(Setting<?> setting) {
    Entry entry = entries.get(setting.key());
    if (entry == null) {
      throw new IllegalArgumentException("Expected a known setting, but got " + setting.key());
    }
    return entry;
  }

  private Map<String, Entry> entries(ClientKind kind) {
    return clients.getOrDefault(kind, Map.of());
  }

  private static List<String> columns(Map<String, Entry> shown) {
    int keys = shown.keySet().stream().mapToInt(String::length).max().orElse(0);
    int texts = shown.values().stream().mapToInt(entry -> entry.text().length()).max().orElse(0);
    List<String> lines = new ArrayList<>();
    shown.forEach(
        (key, entry) ->
            lines.add(
                padded(key, keys)
                    + "  "
                    + padded(entry.text(), texts)
                    + "  ("
                    + entry.source()
                    + ")"));
    return lines;
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(width - text.length());
  }

  /** A value as text, and where it came from. */
  record Entry(String text, String source) {}
}
