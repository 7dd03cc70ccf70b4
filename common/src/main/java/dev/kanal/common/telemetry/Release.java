package dev.kanal.common.telemetry;

import org.jspecify.annotations.Nullable;

/** Which release of Kanal runs. */
public final class Release {
  private Release() {}

  /** As its jar says, such as {@code 0.1.0}; {@code development} where there is no jar. */
  public static String version() {
    @Nullable String version = Release.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
