package dev.kanal.common.job;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * The name that a handler gives a job it submits, unique among the children of its own job.
 *
 * @param text 1 to {@link #MAX} characters, without U+0000
 */
public record ChildName(String text) {
  /** Longest name, in characters. */
  public static final int MAX = 100;

  public ChildName {
    Texts.check("the name of a child", text, MAX);
  }

  /** At least 62 bits that depend on nothing but the parent and the name. */
  public long hash(JobId parent) {
    String whole = parent + "\0" + text;
    UUID hash = UUID.nameUUIDFromBytes(whole.getBytes(StandardCharsets.UTF_8));
    return Long.rotateLeft(hash.getMostSignificantBits(), 7) ^ hash.getLeastSignificantBits();
  }
}
