package dev.kanal.common.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Puts sources together, and gathers what is wrong with them. Belongs to one thread. */
final class Resolution {
  static final String DEFAULT = "default";

  private static final String COMMAND_LINE = "command line";
  private static final String ENVIRONMENT_PREFIX = "KANAL_";

  /** Read by the launcher and the programs themselves. */
  private static final List<String> RESERVED =
      List.of("KANAL_CONFIG", "KANAL_HOME", "KANAL_JAVA_OPTS");

  /** Read by http jobs alone, when they call. */
  private static final String SECRET_PREFIX = "KANAL_SECRET_";

  /** What Kubernetes adds for every service whose name begins with "kanal". */
  private static final Pattern SERVICE_LINK =
      Pattern.compile(
          "KANAL_(.*_)?(SERVICE_HOST|SERVICE_PORT(_.*)?|PORT_\\d+_(TCP|UDP|SCTP)(_.*)?)");

  private final Role role;
  private final Map<String, Setting<?>> known = new LinkedHashMap<>();
  private final Map<String, Concern> concerns = new LinkedHashMap<>();
  private final Map<String, Settings.Entry> entries = new LinkedHashMap<>();
  private final Map<ClientKind, Map<String, Settings.Entry>> clients =
      new EnumMap<>(ClientKind.class);
  private final Set<Concern> broken = EnumSet.noneOf(Concern.class);
  private final List<String> problems = new ArrayList<>();

  Resolution(Role role) {
    this.role = role;
    for (Concern concern : Concern.values()) {
      for (Setting<?> setting : concern.settings()) {
        known.put(setting.key(), setting);
        concerns.put(setting.key(), concern);
        entries.put(setting.key(), new Settings.Entry(setting.defaultText(), DEFAULT));
      }
    }
  }

  void file(Map<String, String> values) {
    new TreeMap<>(values).forEach((key, value) -> set(key, value, "file"));
  }

  void arguments(Map<String, String> values) {
    new TreeMap<>(values).forEach((key, value) -> set(key, value, COMMAND_LINE));
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

  /** The outcome, after a look at whether values go together. */
  Settings settings() {
    Settings settings = new Settings(entries, clients);
    for (Concern concern : Concern.values()) {
      if (role.takes(concern) && !broken.contains(concern)) {
        checkRelations(concern, settings);
      }
    }
    return settings;
  }

  List<String> problems() {
    return problems;
  }

  private void checkRelations(Concern concern, Settings settings) {
    try {
      var config = concern.config(settings);
      if (config instanceof KafkaConfig kafka && kafka.bootstrap().isEmpty() && role.needsKafka()) {
        problems.add(
            "kafka.bootstrap: Expected brokers, but none are set: set"
                + " KANAL_KAFKA_BOOTSTRAP=host:port to the Kafka cluster to use");
      }
    } catch (RelationException e) {
      StringBuilder line = new StringBuilder(e.detail());
      List<Setting<?>> all = e.settings();
      for (Setting<?> other : all.subList(1, all.size())) {
        line.append("; ").append(place(other.key(), settings.source(other)));
      }
      problems.add(place(all.getFirst().key(), settings.source(all.getFirst())) + ": " + line);
    }
  }

  private void set(String key, String value, String source) {
    Setting<?> setting = known.get(key);
    Concern concern = concerns.get(key);
    if (setting == null || concern == null) {
      passThrough(key, value, source);
      return;
    }
    if (source.equals(COMMAND_LINE) && !role.takes(concern)) {
      problems.add(
          place(key, source) + ": is no setting of a " + role.name().toLowerCase(Locale.ROOT));
      return;
    }
    try {
      var _ = setting.read(value);
      entries.put(key, new Settings.Entry(value, source));
    } catch (IllegalArgumentException e) {
      broken.add(concern);
      problems.add(
          place(key, source)
              + ": "
              + e.getMessage()
              + ", but got "
              + Secrets.shown(setting, value));
    }
  }

  private void passThrough(String key, String value, String source) {
    for (ClientKind kind : ClientKind.values()) {
      if (key.startsWith(kind.prefix()) && key.length() > kind.prefix().length()) {
        String name = key.substring(kind.prefix().length());
        Optional<String> refusal = kind.refusal(name);
        if (refusal.isPresent()) {
          problems.add(place(key, source) + ": " + refusal.get());
        } else {
          clients
              .computeIfAbsent(kind, _ -> new TreeMap<>())
              .put(name, new Settings.Entry(value, source));
        }
        return;
      }
    }
    List<String> candidates = new ArrayList<>(known.keySet());
    Arrays.stream(ClientKind.values()).forEach(kind -> candidates.add(misspelt(key, kind)));
    problems.add(place(key, source) + ": unknown setting" + Nearest.suggestion(key, candidates));
  }

  /** What the key would be if it were meant for clients of this kind. */
  private static String misspelt(String key, ClientKind kind) {
    String[] parts = key.split("\\.", 3);
    return parts.length == 3 ? kind.prefix() + parts[2] : kind.prefix();
  }

  private static String place(String key, String source) {
    return Secrets.shown("", key) + " (" + source + ")";
  }

  private static boolean isOurs(String name, String value) {
    return name.startsWith(ENVIRONMENT_PREFIX)
        && !RESERVED.contains(name)
        && !name.startsWith(SECRET_PREFIX)
        && !SERVICE_LINK.matcher(name).matches()
        && !(name.endsWith("_PORT") && value.contains("://"));
  }

  private static String keyOf(String variable) {
    return variable
        .substring(ENVIRONMENT_PREFIX.length())
        .toLowerCase(Locale.ROOT)
        .replace('_', '.');
  }
}
