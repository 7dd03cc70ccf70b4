package dev.kanal.bench.http;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * One kept connection, with one request after the other. Reads only as much of HTTP/1.1 as our
 * servers write, to take little from the machine that it shares with them. Belongs to one thread.
 */
public final class Exchange implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 14;
  private static final int LINE_MAX = 1 << 14;

  private final Socket socket;
  private final OutputStream out;
  private final InputStream in;
  private final byte[] line = new byte[LINE_MAX];

  public Exchange(InetSocketAddress address) throws IOException {
    socket = new Socket(address.getAddress(), address.getPort());
    socket.setTcpNoDelay(true);
    out = socket.getOutputStream();
    in = new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES);
  }

  public Answer get(String path) throws IOException {
    return send(request("GET", path, "", new byte[0]));
  }

  /** Sends a request that was made by {@link #request}. */
  public Answer send(byte[] request) throws IOException {
    out.write(request);
    return answer();
  }

  /**
   * Makes a whole request.
   *
   * @param headers further ones, each with its line end
   */
  public static byte[] request(String method, String path, String headers, byte[] body) {
    byte[] head =
        ("%s %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    .formatted(method, path)
                + headers
                + "Content-Length: "
                + body.length
                + "\r\n\r\n")
            .getBytes(StandardCharsets.ISO_8859_1);
    byte[] all = new byte[head.length + body.length];
    System.arraycopy(head, 0, all, 0, head.length);
    System.arraycopy(body, 0, all, head.length, body.length);
    return all;
  }

  OutputStream out() {
    return out;
  }

  /** Reads status line and headers; returns the length of the body, or -1 if it comes in chunks. */
  Head head() throws IOException {
    String first = line();
    if (!first.startsWith("HTTP/1.1 ")) {
      throw new IOException("Expected an answer of HTTP/1.1, but found " + first);
    }
    int status = Integer.parseInt(first.substring(9, 12));
    long length = 0;
    for (String header = line(); !header.isEmpty(); header = line()) {
      String name = header.toLowerCase(Locale.ROOT);
      if (name.startsWith("content-length:")) {
        length = Long.parseLong(header.substring("content-length:".length()).trim());
      } else if (name.startsWith("transfer-encoding:")) {
        length = -1;
      }
    }
    return new Head(status, length);
  }

  record Head(int status, long length) {}

  /** The next chunk of a body; empty at its end. */
  byte[] chunk() throws IOException {
    byte[] chunk = in.readNBytes(Integer.parseInt(line().trim(), 16));
    line();
    return chunk;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private Answer answer() throws IOException {
    Head head = head();
    if (head.length() >= 0) {
      return new Answer(head.status(), text(in.readNBytes((int) head.length())));
    }
    StringBuilder body = new StringBuilder();
    for (byte[] chunk = chunk(); chunk.length > 0; chunk = chunk()) {
      body.append(text(chunk));
    }
    return new Answer(head.status(), body.toString());
  }

  private String line() throws IOException {
    for (int length = 0; length < LINE_MAX; length++) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException("Expected an answer, but the connection ended");
      }
      if (next == '\n') {
        return new String(line, 0, Math.max(0, length - 1), StandardCharsets.ISO_8859_1);
      }
      line[length] = (byte) next;
    }
    throw new IOException("Expected a line of at most " + LINE_MAX + " bytes");
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
