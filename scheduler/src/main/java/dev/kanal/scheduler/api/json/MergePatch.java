package dev.kanal.scheduler.api.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.kanal.common.json.StrictJson;
import dev.kanal.scheduler.api.problem.FieldError;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.api.problem.RefusedException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** A merge patch (RFC 7396) of an object: what it leaves alone stays as it was, byte for byte. */
public final class MergePatch {
  public static final String MEDIA_TYPE = "application/merge-patch+json";

  private MergePatch() {}

  /** A value, with the name before it as it stands there, in its quotes. */
  private record Member(String name, JsonToken token, String value) {}

  /**
   * What comes of {@code target}, an object, without those of its members that are named {@code
   * notSettable}.
   *
   * @throws RefusedException if the patch is no JSON, or no object
   */
  public static byte[] apply(byte[] target, byte[] patch, List<String> notSettable)
      throws RefusedException {
    Map<String, Member> changes = members(patch);
    if (changes == null) {
      throw new RefusedException(
          Problem.invalid(
              List.of(new FieldError("", "Expected an object, but got another value"))));
    }
    Map<String, Member> now = members(target);
    if (now == null) {
      throw new IllegalArgumentException("Expected an object to patch");
    }
    notSettable.forEach(now::remove);
    return merge(now, changes).getBytes(UTF_8);
  }

  private static String merge(Map<String, Member> target, Map<String, Member> patch)
      throws RefusedException {
    for (Map.Entry<String, Member> each : patch.entrySet()) {
      Member change = each.getValue();
      if (change.token == JsonToken.VALUE_NULL) {
        target.remove(each.getKey());
      } else {
        target.put(each.getKey(), merged(target.get(each.getKey()), change));
      }
    }
    return write(target);
  }

  private static Member merged(@Nullable Member before, Member change) throws RefusedException {
    Map<String, Member> changes = members(change.value.getBytes(UTF_8));
    if (changes == null) {
      return change;
    }
    Map<String, Member> now = before == null ? null : members(before.value.getBytes(UTF_8));
    String value = merge(now == null ? new LinkedHashMap<>() : now, changes);
    return new Member(change.name, change.token, value);
  }

  /** The members of an object in their order; null if it is something else. */
  private static @Nullable Map<String, Member> members(byte[] json) throws RefusedException {
    Map<String, Member> members = new LinkedHashMap<>();
    boolean isObject =
        JsonBody.read(
            json,
            0,
            json.length,
            in -> {
              if (in.currentToken() != JsonToken.START_OBJECT) {
                in.skipChildren();
                return false;
              }
              while (in.nextToken() == JsonToken.FIELD_NAME) {
                members.put(in.currentName(), member(in, json));
              }
              return true;
            });
    return isObject ? members : null;
  }

  private static Member member(JsonParser in, byte[] json) throws IOException {
    int from = StrictJson.start(in);
    JsonToken token = in.nextToken();
    int start = StrictJson.start(in);
    int quote = start - 1;
    while (json[quote] != '"') {
      quote--;
    }
    return new Member(
        new String(json, from, quote + 1 - from, UTF_8),
        token,
        new String(StrictJson.slice(in, json, 0), UTF_8));
  }

  private static String write(Map<String, Member> members) {
    StringJoiner out = new StringJoiner(",", "{", "}");
    members.values().forEach(each -> out.add(each.name + ":" + each.value));
    return out.toString();
  }
}
