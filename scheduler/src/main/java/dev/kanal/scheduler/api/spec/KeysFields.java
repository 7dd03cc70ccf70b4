package dev.kanal.scheduler.api.spec;

import dev.kanal.common.job.Idempotency;
import dev.kanal.common.job.JobKey;
import dev.kanal.scheduler.api.json.FieldReader;
import dev.kanal.scheduler.api.json.Quoted;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A job's {@code key}, {@code keyLimit} and {@code idempotencyKey} while they are read. */
public final class KeysFields {
  private final FieldReader fields;
  private @Nullable String key;
  private boolean keySeen;
  private @Nullable Integer keyLimit;
  private boolean keyLimitSeen;
  private @Nullable String idempotencyKey;

  public KeysFields(FieldReader fields) {
    this.fields = fields;
  }

  public boolean read(String name) throws IOException {
    switch (name) {
      case "key" -> {
        keySeen = true;
        key = name("/key", JobKey.MAX);
      }
      case "keyLimit" -> {
        keyLimitSeen = true;
        keyLimit = fields.wholeNumber("/keyLimit", 1, JobKey.LIMIT_MAX);
      }
      case "idempotencyKey" -> idempotencyKey = name("/idempotencyKey", Idempotency.MAX);
      default -> {
        return false;
      }
    }
    return true;
  }

  /** Refuses a limit of nothing. */
  void check() {
    if (keyLimitSeen && !keySeen) {
      fields.refuse("/keyLimit", "Expected keyLimit together with a key, but there is no key");
    }
  }

  @Nullable JobKey key() {
    return key == null ? null : new JobKey(key, keyLimit == null ? 1 : keyLimit);
  }

  /** The one of both places in which it may stand; the same in both is fine. */
  public @Nullable String idempotencyKey(@Nullable String header) {
    if (header == null || idempotencyKey == null) {
      return header == null ? idempotencyKey : header;
    }
    if (!header.equals(idempotencyKey)) {
      fields.refuse(
          "/idempotencyKey",
          "Expected the same as in the header Idempotency-Key, "
              + Quoted.of(header)
              + ", but got "
              + Quoted.of(idempotencyKey));
    }
    return idempotencyKey;
  }

  private @Nullable String name(String pointer, int max) throws IOException {
    String text = fields.text(pointer);
    if (text == null) {
      return null;
    }
    int length = text.codePointCount(0, text.length());
    if (length < 1 || length > max) {
      fields.refuse(pointer, "Expected 1 to " + max + " characters, but got " + length);
      return null;
    }
    return text;
  }
}
