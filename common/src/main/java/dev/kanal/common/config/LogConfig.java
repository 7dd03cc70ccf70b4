package dev.kanal.common.config;

import java.util.List;

/**
 * How a process writes its log, to standard error.
 *
 * @param json an object a line, in place of lines for people
 */
public record LogConfig(boolean json) {
  private static final Setting<String> FORMAT =
      Setting.choice(
          "log",
          "text",
          List.of("text", "json"),
          "lines for people, or an object a line, with the context of a handler's run");

  static final List<Setting<?>> SETTINGS = List.of(FORMAT);

  public static LogConfig from(Settings settings) {
    return new LogConfig(settings.get(FORMAT).equals("json"));
  }
}
