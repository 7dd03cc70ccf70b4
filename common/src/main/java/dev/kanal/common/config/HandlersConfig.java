package dev.kanal.common.config;

import java.util.List;

/**
 * Handlers from jars.
 *
 * @param folder with the jars; empty: none is named
 */
public record HandlersConfig(String folder) {
  private static final Setting<String> FOLDER =
      Setting.text(
          "worker.handlers",
          "",
          "folder with handler jars; empty: /handlers if there is one, but none for `up`");

  static final List<Setting<?>> SETTINGS = List.of(FOLDER);

  public static HandlersConfig from(Settings settings) {
    return new HandlersConfig(settings.get(FOLDER));
  }
}
