package dev.kanal.scheduler.api;

import dev.kanal.common.schedule.Precondition;
import io.vertx.core.MultiMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What {@code If-Match} and {@code If-None-Match} ask of a schedule that is to be changed. */
final class IfMatch {
  private IfMatch() {}

  /** A tag that no schedule can have matches nothing; so does a weak one. */
  static Precondition of(MultiMap headers) {
    List<String> match = headers.getAll("If-Match");
    if (match.isEmpty()) {
      boolean none = headers.getAll("If-None-Match").stream().anyMatch("*"::equals);
      return none ? new Precondition.Exists(false) : Precondition.NONE;
    }
    Set<Long> revisions = new HashSet<>();
    for (String tag : String.join(",", match).split(",")) {
      String text = tag.strip();
      if (text.equals("*")) {
        return new Precondition.Exists(true);
      }
      if (text.matches("\"\\d{1,18}\"") && revisions.size() < Precondition.AnyOf.MAX) {
        revisions.add(Long.parseLong(text.substring(1, text.length() - 1)));
      }
    }
    return new Precondition.AnyOf(revisions);
  }

  static String etag(long revision) {
    return "\"" + revision + "\"";
  }
}
