package dev.kanal.common.template;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a reference of a template refers to. */
public enum Word {
  /** The flow's input. */
  INPUT(0, "$input", true),
  /** The result of a step. */
  FROM(1, "$from", true),
  /** What is known of the flow itself. */
  FLOW(2, "$flow", true),
  /** The item that a member is about. */
  ITEM(3, "$item", false),
  /** The member's number. */
  INDEX(4, "$index", false),
  /** The result of the stage before. */
  PREV(5, "$prev", false);

  /** Everything below it stands for itself. */
  static final String LITERAL = "$literal";

  private static final Map<String, Word> BY_TEXT = new HashMap<>();

  static {
    for (Word each : values()) {
      BY_TEXT.put(each.text, each);
    }
  }

  private final int code;
  private final String text;
  private final boolean atHome;

  Word(int code, String text, boolean atHome) {
    this.code = code;
    this.text = text;
    this.atHome = atHome;
  }

  static @Nullable Word of(String text) {
    return BY_TEXT.get(text);
  }

  /** The number in templates' bytes, which never changes; readers take it as the place here. */
  int code() {
    return code;
  }

  /** As templates have it, such as {@code $from}. */
  public String text() {
    return text;
  }

  /** Whether it is known where the flow lives; else where the member does. */
  public boolean isAtHome() {
    return atHome;
  }
}
