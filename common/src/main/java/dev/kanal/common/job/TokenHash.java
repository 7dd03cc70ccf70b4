package dev.kanal.common.job;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The SHA-256 of the token by which an attempt is completed; the token itself is never kept.
 *
 * @param a the first eight bytes; b, c and d are the following ones
 */
public record TokenHash(long a, long b, long c, long d) {
  /** Longest token, in characters. */
  public static final int TOKEN_MAX = 200;

  public static TokenHash of(String token) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
      ByteBuffer bytes = ByteBuffer.wrap(hash);
      return new TokenHash(bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Expected SHA-256, which every Java has, but: " + e, e);
    }
  }
}
