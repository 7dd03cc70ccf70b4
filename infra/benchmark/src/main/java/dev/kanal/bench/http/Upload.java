package dev.kanal.bench.http;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Streams lines to a server that answers each with a line, and checks every answer. */
public final class Upload {
  /** The number of lines that are sent at once. */
  public static final int CHUNK_LINES = 64;

  private static final int BUFFER_BYTES = 1 << 16;

  private static final String HEAD =
      """
      POST /v1/jobs/bulk HTTP/1.1\r
      Host: localhost\r
      Content-Type: application/x-ndjson\r
      Transfer-Encoding: chunked\r
      """;

  private final InetSocketAddress address;
  private final List<byte[]> chunks;
  private final String headers;

  /**
   * @param lines without their ends, sent in turn; a multiple of {@value #CHUNK_LINES}, or one
   */
  public Upload(InetSocketAddress address, List<String> lines) {
    this(address, lines, "");
  }

  /**
   * The same with more headers.
   *
   * @param headers each with its line end
   */
  public Upload(InetSocketAddress address, List<String> lines, String headers) {
    this.address = address;
    this.headers = headers;
    List<byte[]> made = new ArrayList<>();
    for (int from = 0; from < lines.size(); from += CHUNK_LINES) {
      StringBuilder all = new StringBuilder();
      for (int i = 0; i < CHUNK_LINES; i++) {
        all.append(lines.get((from + i) % lines.size())).append('\n');
      }
      made.add(chunk(all.toString().getBytes(StandardCharsets.UTF_8)));
    }
    this.chunks = List.copyOf(made);
  }

  /**
   * Sends lines over several connections at once; returns when all of them are answered.
   *
   * @param count rounded up to a multiple of {@value #CHUNK_LINES} for each connection
   * @return how many lines were sent
   * @throws IOException if an answer is missing or is not that of an accepted job
   */
  public long send(long count, int connections) throws IOException, InterruptedException {
    long each = Math.ceilDiv(count, (long) CHUNK_LINES * connections);
    CompletableFuture<?>[] parts = new CompletableFuture<?>[connections];
    for (int i = 0; i < connections; i++) {
      parts[i] = CompletableFuture.runAsync(() -> part(each), Upload::start);
    }
    try {
      CompletableFuture.allOf(parts).join();
    } catch (CompletionException e) {
      throw new IOException("Expected all lines to be accepted", e.getCause());
    }
    return each * CHUNK_LINES * connections;
  }

  private static void start(Runnable task) {
    Thread.ofPlatform().name("upload").daemon().start(task);
  }

  private void part(long count) {
    try (Exchange exchange = new Exchange(address)) {
      CompletableFuture<Void> sent =
          CompletableFuture.runAsync(() -> write(exchange, count), Upload::start);
      long answered = read(exchange);
      sent.join();
      if (answered != count * CHUNK_LINES) {
        throw new IOException(
            "Expected " + count * CHUNK_LINES + " jobs accepted, but found " + answered);
      }
    } catch (IOException e) {
      throw new CompletionException(e);
    }
  }

  private void write(Exchange exchange, long count) {
    try {
      OutputStream out = new BufferedOutputStream(exchange.out(), BUFFER_BYTES);
      out.write((HEAD + headers + "\r\n").getBytes(StandardCharsets.US_ASCII));
      for (long i = 0; i < count; i++) {
        out.write(chunks.get((int) (i % chunks.size())));
      }
      out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      out.flush();
    } catch (IOException e) {
      throw new CompletionException(e);
    }
  }

  /** Counts the answers that name a job; every accepted line has one <code>"id"</code>. */
  private static long read(Exchange exchange) throws IOException {
    Exchange.Head head = exchange.head();
    if (head.status() != 200 || head.length() >= 0) {
      throw new IOException("Expected 200 with a stream of lines, but found " + head);
    }
    long accepted = 0;
    byte[] pattern = "\"id\"".getBytes(StandardCharsets.US_ASCII);
    int matched = 0;
    for (byte[] chunk = exchange.chunk(); chunk.length > 0; chunk = exchange.chunk()) {
      for (byte next : chunk) {
        matched = next == pattern[matched] ? matched + 1 : next == pattern[0] ? 1 : 0;
        if (matched == pattern.length) {
          accepted++;
          matched = 0;
        }
      }
    }
    return accepted;
  }

  private static byte[] chunk(byte[] lines) {
    byte[] size = (Integer.toHexString(lines.length) + "\r\n").getBytes(StandardCharsets.US_ASCII);
    byte[] all = new byte[size.length + lines.length + 2];
    System.arraycopy(size, 0, all, 0, size.length);
    System.arraycopy(lines, 0, all, size.length, lines.length);
    all[all.length - 2] = '\r';
    all[all.length - 1] = '\n';
    return all;
  }
}
