package dev.kanal.common.job;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A JSON document as UTF-8 bytes, carried as it came. The array is neither copied on the way in nor
 * on the way out: the caller that hands it over must not change it afterwards.
 */
public final class JsonBytes {
  public static final JsonBytes NULL = of("null");

  private final byte[] utf8;

  private JsonBytes(byte[] utf8) {
    this.utf8 = utf8;
  }

  /** Takes over {@code utf8}. */
  public static JsonBytes wrap(byte[] utf8) {
    return new JsonBytes(utf8);
  }

  public static JsonBytes of(String json) {
    return new JsonBytes(json.getBytes(StandardCharsets.UTF_8));
  }

  /** The bytes themselves, not to be changed. */
  public byte[] utf8() {
    return utf8;
  }

  public int length() {
    return utf8.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof JsonBytes that && Arrays.equals(utf8, that.utf8);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(utf8);
  }

  @Override
  public String toString() {
    return new String(utf8, StandardCharsets.UTF_8);
  }
}
