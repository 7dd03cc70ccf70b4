package dev.kanal.scheduler.dashboard;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** One file of the dashboard, plain and compressed. */
public final class Asset {
  private final String mediaType;
  private final byte[] plain;
  private final byte[] zipped;

  private Asset(String mediaType, byte[] plain, byte[] zipped) {
    this.mediaType = mediaType;
    this.plain = plain;
    this.zipped = zipped;
  }

  static Asset of(String mediaType, byte[] content) {
    return new Asset(mediaType, content.clone(), zip(content));
  }

  /** With its charset, if it is text. */
  public String mediaType() {
    return mediaType;
  }

  public byte[] plain() {
    return plain.clone();
  }

  /** As {@code Content-Encoding: gzip} has it. */
  public byte[] zipped() {
    return zipped.clone();
  }

  private static byte[] zip(byte[] content) {
    var bytes = new ByteArrayOutputStream();
    try (var gzip = new Best(bytes)) {
      gzip.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Compressed once, sent often. */
  private static final class Best extends GZIPOutputStream {
    Best(ByteArrayOutputStream out) throws IOException {
      super(out);
      def.setLevel(Deflater.BEST_COMPRESSION);
    }
  }
}
