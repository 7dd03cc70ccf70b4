package dev.kanal.check.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A file as it was when the check began.
 *
 * @param path what follows the server's address; begins with a slash, not yet escaped
 * @param digest of its bytes
 */
record ServedFile(Path file, String path, String digest) {
  static ServedFile of(Path root, Path file) throws IOException {
    String path = "/" + root.relativize(file).toString().replace('\\', '/');
    return new ServedFile(file, path, digest(Files.readAllBytes(file)));
  }

  static String digest(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Expected SHA-256 in every JDK, but it is not there", e);
    }
  }
}
