package dev.kanal.ui;

import com.microsoft.playwright.options.ColorScheme;
import java.util.List;

/** The ways in which the dashboard is viewed. */
record Look(String name, int width, int height, ColorScheme scheme) {
  static final Look LIGHT = new Look("light", 1360, 900, ColorScheme.LIGHT);
  static final Look DARK = new Look("dark", 1360, 900, ColorScheme.DARK);
  static final Look PHONE = new Look("phone", 360, 780, ColorScheme.LIGHT);
  static final Look PHONE_DARK = new Look("phone-dark", 360, 780, ColorScheme.DARK);
  static final List<Look> ALL = List.of(LIGHT, DARK, PHONE, PHONE_DARK);
}
