package dev.kanal.worker.run;

import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** Collects bytes up to a limit. */
final class BoundedOutput extends ByteArrayOutputStream {
  private final int limit;

  static final class TooLargeException extends IOException {
    private static final long serialVersionUID = 1L;

    TooLargeException(int limit) {
      super("Expected at most " + limit + " bytes, but there are more");
    }
  }

  BoundedOutput(int limit) {
    this.limit = limit;
  }

  void check(int more) throws TooLargeException {
    if (size() + (long) more > limit) {
      throw new TooLargeException(limit);
    }
  }

  /** A stream that writes here and fails at the limit. */
  java.io.OutputStream stream() {
    return new java.io.OutputStream() {
      @Override
      public void write(int value) throws IOException {
        check(1);
        BoundedOutput.this.write(value);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        check(length);
        BoundedOutput.this.write(bytes, offset, length);
      }
    };
  }
}
