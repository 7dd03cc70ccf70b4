package dev.kanal.scheduler.api.json;

import dev.kanal.common.job.Texts;

/** Texts of clients as messages show them: not at any length. */
public final class Quoted {
  private static final int MAX = 100;

  private Quoted() {}

  /** The text in quotes. */
  public static String of(String text) {
    return '"' + cut(text) + '"';
  }

  static String cut(String text) {
    return Texts.shown(text, MAX);
  }
}
