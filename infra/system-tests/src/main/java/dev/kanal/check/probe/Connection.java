package dev.kanal.check.probe;

import dev.kanal.check.history.Run;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One connection of HTTP/1.1, one call after the other. While a call is held, it reads: the end of
 * the stream is the moment in which the worker gave the run up.
 */
final class Connection {
  private static final int LONGEST_LINE = 16 * 1024;
  private static final int MOST_LINES = 100;

  private final Socket socket;
  private final Script script;
  private final RunLog log;
  private final InputStream in;
  private final OutputStream out;

  Connection(Socket socket, Script script, RunLog log) throws IOException {
    this.socket = socket;
    this.script = script;
    this.log = log;
    this.in = new BufferedInputStream(socket.getInputStream());
    this.out = socket.getOutputStream();
  }

  /** Serves until the other side goes. */
  void serve() throws IOException {
    socket.setTcpNoDelay(true);
    for (String line = line(); !line.isEmpty(); line = line()) {
      long start = RunLog.now();
      Map<String, String> headers = headers();
      in.skipNBytes(number(headers.get("content-length")));
      answer(path(line), headers, start);
    }
  }

  private void answer(String path, Map<String, String> headers, long start) throws IOException {
    String job = headers.getOrDefault("kanal-job", "");
    Call call =
        new Call(
            path,
            job,
            number(headers.get("kanal-attempt")),
            number(headers.get("kanal-dispatch")),
            log.call(job));
    long run = log.begin(call, script.index(path), start);
    Run.End end = Run.End.CUT;
    long endedAt = start;
    try {
      script.began(call);
      Play play = script.play(call);
      boolean held = hold(play.hold());
      // Before the answer leaves, as the next run may begin before this thread goes on.
      endedAt = RunLog.now();
      if (!held) {
        throw new IOException("the worker went");
      }
      write(play.end(), run);
      end = play.end();
    } finally {
      log.end(run, endedAt, end);
    }
  }

  /** False if the other side went meanwhile. */
  private boolean hold(Duration time) throws IOException {
    if (time.isZero()) {
      return true;
    }
    socket.setSoTimeout((int) Math.max(1, time.toMillis()));
    try {
      if (in.read() < 0) {
        return false;
      }
      throw new IOException("Expected one call at a time, but another came before its answer");
    } catch (SocketTimeoutException e) {
      return true;
    } finally {
      socket.setSoTimeout(0);
    }
  }

  private void write(Run.End end, long run) throws IOException {
    String status =
        switch (end) {
          case SUCCEEDED -> "200 OK";
          case FAILED -> "500 Failed";
          case REFUSED -> "400 Refused";
          case SNOOZED -> "429 Later\r\nretry-after: 1";
          case CUT, OPEN -> throw new IllegalStateException("Expected an answer, but got " + end);
        };
    String body = "{\"run\":" + run + "}";
    String answer =
        "HTTP/1.1 %s\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%s"
            .formatted(status, body.length(), body);
    out.write(answer.getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  private Map<String, String> headers() throws IOException {
    Map<String, String> headers = new HashMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      if (colon < 1 || headers.size() == MOST_LINES) {
        throw new IOException(
            "Expected at most " + MOST_LINES + " headers, but got '" + line + "'");
      }
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    return headers;
  }

  /** Without its end; empty at the end of the stream. */
  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      if (line.length() == LONGEST_LINE) {
        throw new IOException("Expected lines of at most " + LONGEST_LINE + " characters");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  private static String path(String requestLine) throws IOException {
    String[] words = requestLine.split(" ", 3);
    if (words.length < 2) {
      throw new IOException("Expected a request, but got '" + requestLine + "'");
    }
    return words[1];
  }

  private static int number(@Nullable String text) throws IOException {
    if (text == null) {
      return 0;
    }
    if (!text.matches("\\d{1,9}")) {
      throw new IOException("Expected a number, but got '" + text + "'");
    }
    return Integer.parseInt(text);
  }
}
