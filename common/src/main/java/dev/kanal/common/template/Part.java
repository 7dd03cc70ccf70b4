package dev.kanal.common.template;

import dev.kanal.common.job.JsonBytes;
import org.jspecify.annotations.Nullable;

/** A piece of a template, in the order of its text. */
sealed interface Part {
  /** Bytes that stand for themselves, and are never looked into again. */
  record Text(JsonBytes bytes) implements Part {}

  /**
   * A place for a value.
   *
   * @param step whose result it is; empty but for {@link Word#FROM}
   * @param at where the value is in its document
   * @param or what stands there if there is no such value
   */
  record Reference(Word word, String step, Pointer at, @Nullable JsonBytes or) implements Part {
    /** For messages. */
    String describe() {
      String what = step.isEmpty() ? word.text() : word.text() + " " + step;
      return at.tokens().isEmpty() ? what : what + " at " + at;
    }
  }
}
