package dev.kanal.check.server;

/** Shortens answers of the server to fit a line. */
public final class Texts {
  private static final int LONGEST = 160;

  private Texts() {}

  public static String shorten(String text) {
    String line = text.replaceAll("\\s+", " ").strip();
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
  }
}
