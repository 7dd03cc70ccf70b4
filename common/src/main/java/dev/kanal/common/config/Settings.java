package dev.kanal.common.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The settings of a process: every known key with its value and where it came from. */
public final class Settings {
  private final Map<String, Entry> entries;
  private final Map<ClientKind, Map<String, String>> clients;

  private Settings(Map<String, Entry> entries, Map<ClientKind, Map<String, String>> clients) {
    this.entries = entries;
    this.clients = clients;
  }

  /**
   * Puts the sources together.
   *
   * @throws ConfigException with every unknown key, with a suggestion, and every value that cannot
   *     be read or is out of its bounds
   */
  public static Settings resolve(List<Setting<?>> known, Sources sources) throws ConfigException {
    Resolution resolution = new Resolution(known);
    resolution.file(sources.file());
    resolution.environment(sources.environment());
    resolution.arguments(sources.arguments());
    if (!resolution.problems().isEmpty()) {
      throw new ConfigException(resolution.problems());
    }
    return new Settings(resolution.entries(), resolution.clients());
  }

  /** The value of a setting that was among the known ones. */
  public <T> T get(Setting<T> setting) {
    Entry entry = entries.get(setting.key());
    if (entry == null) {
      throw new IllegalArgumentException("Expected a known setting, but got " + setting.key());
    }
    return setting.reader().apply(entry.text());
  }

  /** What is passed through to Kafka clients of a kind: what is common to all, and its own. */
  public Map<String, String> client(ClientKind kind) {
    Map<String, String> both = new TreeMap<>(clients.getOrDefault(ClientKind.COMMON, Map.of()));
    both.putAll(clients.getOrDefault(kind, Map.of()));
    return both;
  }

  /** A line a setting that is not a default, in columns: key, value, source. Secrets are masked. */
  public List<String> effective() {
    Map<String, Entry> shown = new LinkedHashMap<>();
    entries.forEach(
        (key, entry) -> {
          if (!entry.source().equals(Resolution.DEFAULT)) {
            shown.put(key, entry);
          }
        });
    clients.forEach(
        (kind, settings) ->
            settings.forEach(
                (name, value) ->
                    shown.put(
                        kind.prefix() + name, new Entry(Secrets.mask(name, value), "kafka"))));
    int width = shown.keySet().stream().mapToInt(String::length).max().orElse(0);
    List<String> lines = new ArrayList<>();
    shown.forEach(
        (key, entry) ->
            lines.add(
                key
                    + " ".repeat(width - key.length())
                    + "  "
                    + entry.text()
                    + "  ("
                    + entry.source()
                    + ")"));
    return lines;
  }

  /** A value as text, and where it came from. */
  record Entry(String text, String source) {}
}
