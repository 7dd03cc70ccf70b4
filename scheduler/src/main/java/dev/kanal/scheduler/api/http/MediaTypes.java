package dev.kanal.scheduler.api.http;

import java.util.Locale;

/** Media types in the headers of a request. */
public final class MediaTypes {
  private MediaTypes() {}

  /** Whether a {@code Content-Type} is {@code expected}, in UTF-8 if it says anything of it. */
  public static boolean is(String contentType, String expected) {
    String[] parts = contentType.split(";");
    if (parts.length == 0 || !parts[0].strip().equalsIgnoreCase(expected)) {
      return false;
    }
    for (int i = 1; i < parts.length; i++) {
      String[] parameter = parts[i].strip().split("=", 2);
      if (parameter.length == 2
          && parameter[0].strip().equalsIgnoreCase("charset")
          && !unquoted(parameter[1].strip()).equalsIgnoreCase("utf-8")) {
        return false;
      }
    }
    return true;
  }

  /** Whether an {@code Accept} header leaves room for {@code offered}. */
  public static boolean isAcceptable(String accept, String offered) {
    if (accept.isBlank() || accept.equals("*/*")) {
      return true;
    }
    String type = offered.substring(0, offered.indexOf('/') + 1) + "*";
    int best = -1;
    boolean wanted = false;
    for (String range : accept.toLowerCase(Locale.ROOT).split(",")) {
      String[] parts = range.split(";");
      String name = parts.length == 0 ? "" : parts[0].strip();
      int precision =
          name.equals(offered) ? 2 : name.equals(type) ? 1 : name.equals("*/*") ? 0 : -1;
      if (precision > best) {
        best = precision;
        wanted = !isZero(parts);
      }
    }
    return wanted;
  }

  /**
   * Whether an {@code Accept} header says {@code offered} by its name, as browsers do for pages.
   */
  public static boolean isNamed(String accept, String offered) {
    for (String range : accept.toLowerCase(Locale.ROOT).split(",")) {
      String[] parts = range.split(";");
      if (parts.length > 0 && parts[0].strip().equals(offered)) {
        return !isZero(parts);
      }
    }
    return false;
  }

  private static boolean isZero(String[] parts) {
    for (int i = 1; i < parts.length; i++) {
      if (parts[i].strip().matches("q=0(\\.0{0,3})?")) {
        return true;
      }
    }
    return false;
  }

  private static String unquoted(String text) {
    return text.length() > 1 && text.startsWith("\"") && text.endsWith("\"")
        ? text.substring(1, text.length() - 1)
        : text;
  }
}
