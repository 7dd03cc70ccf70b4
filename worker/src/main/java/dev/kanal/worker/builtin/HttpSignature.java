package dev.kanal.worker.builtin;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The header {@code Kanal-Signature}: {@code t=<epoch seconds>,v1=<hex>}, the HMAC-SHA-256 of
 * {@code <epoch seconds>.<body>}.
 */
final class HttpSignature {
  static final String HEADER = "Kanal-Signature";

  private static final String ALGORITHM = "HmacSHA256";

  private HttpSignature() {}

  static String of(String key, Instant now, String body) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), ALGORITHM));
      long time = now.getEpochSecond();
      byte[] hash = mac.doFinal((time + "." + body).getBytes(StandardCharsets.UTF_8));
      return "t=" + time + ",v1=" + HexFormat.of().formatHex(hash);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(
          "Expected " + ALGORITHM + ", which every Java has, but: " + e.getMessage(), e);
    }
  }
}
