package dev.kanal.common.config;

import java.util.List;

/** Values of several settings, each within its bounds, that do not go together. */
final class RelationException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final String detail;
  private final transient List<Setting<?>> settings;

  /**
   * Blames the first of {@code settings}.
   *
   * @param detail begins with "Expected"
   */
  RelationException(String detail, Setting<?>... settings) {
    super(settings[0].key() + ": " + detail);
    this.detail = detail;
    this.settings = List.of(settings);
  }

  String detail() {
    return detail;
  }

  List<Setting<?>> settings() {
    return settings;
  }
}
