package dev.kanal.scheduler.api.http;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The entity tags of one header, as RFC 9110 writes them: {@code *}, or a list of tags in quotes,
 * each weak if {@code W/} stands before it.
 *
 * @param any whether it is {@code *}
 * @param strong the tags that are not weak, in their quotes
 * @param all every tag in its quotes, without the mark of weak ones
 * @param wellFormed whether nothing else stands there
 */
record EntityTags(boolean any, Set<String> strong, Set<String> all, boolean wellFormed) {
  private static final String WEAK = "W/";

  EntityTags {
    strong = Set.copyOf(strong);
    all = Set.copyOf(all);
  }

  /** Reads a header that may stand several times; null if it does not stand at all. */
  static @Nullable EntityTags of(List<String> headers) {
    if (headers.isEmpty()) {
      return null;
    }
    Set<String> strong = new HashSet<>();
    Set<String> all = new HashSet<>();
    String text = String.join(",", headers).strip();
    if (text.equals("*")) {
      return new EntityTags(true, strong, all, true);
    }
    int at = skip(text, 0);
    while (at < text.length()) {
      boolean weak = text.startsWith(WEAK, at);
      int start = weak ? at + WEAK.length() : at;
      int end =
          start < text.length() && text.charAt(start) == '"' ? text.indexOf('"', start + 1) : -1;
      int next = end < 0 ? -1 : skip(text, end + 1);
      boolean parted = end >= 0 && (next == text.length() || hasComma(text, end + 1, next));
      if (!parted) {
        return new EntityTags(false, strong, all, false);
      }
      String tag = text.substring(start, end + 1);
      all.add(tag);
      if (!weak) {
        strong.add(tag);
      }
      at = next;
    }
    return new EntityTags(false, strong, all, !all.isEmpty());
  }

  /** Whether {@code etag}, which is not weak, is among them; a weak one does not count. */
  boolean nameStrongly(String etag) {
    return any || strong.contains(etag);
  }

  /** Whether {@code etag}, which is not weak, is among them, weak or not. */
  boolean name(String etag) {
    return any || all.contains(etag);
  }

  private static int skip(String text, int from) {
    int at = from;
    while (at < text.length() && " \t,".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    return at;
  }

  private static boolean hasComma(String text, int from, int to) {
    return text.substring(from, to).indexOf(',') >= 0;
  }
}
