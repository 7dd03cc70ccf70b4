package dev.kanal.scheduler.api.filter;

import dev.kanal.common.job.JobId;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Where the next page of a list begins: opaque to clients, and good for one filter only. */
public final class ListCursor {
  private static final byte VERSION = 1;
  private static final int BYTES = 1 + Long.BYTES + JobId.BYTES;

  private ListCursor() {}

  /**
   * @param filter all of it as bytes
   */
  public static String write(byte[] filter, JobId below) {
    ByteBuffer bytes = ByteBuffer.allocate(BYTES).put(VERSION).putLong(fingerprint(filter));
    bytes.putLong(below.hi()).putLong(below.lo());
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
  }

  /** The id below which the page begins; null if the text is no cursor of this filter. */
  public static @Nullable JobId read(byte[] filter, String text) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
      return bytes.remaining() == BYTES
              && bytes.get() == VERSION
              && bytes.getLong() == fingerprint(filter)
          ? new JobId(bytes.getLong(), bytes.getLong())
          : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static long fingerprint(byte[] filter) {
    try {
      return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(filter)).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Expected SHA-256, but this Java has none", e);
    }
  }
}
