package dev.kanal.scheduler.api.events;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kanal.scheduler.api.ApiNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Reads a stream of events over a socket of its own. */
final class EventClient implements AutoCloseable {
  private final Socket socket;
  private final BufferedReader lines;
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private volatile boolean ended;

  private EventClient(Socket socket) throws IOException {
    this.socket = socket;
    InputStream in = socket.getInputStream();
    this.lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
  }

  /** One event; comments are none. */
  record Event(String name, String id, JsonNode data) {
    /** Such as {@code state 3 SUCCEEDED}: the name, the lower half of the job's id, the state. */
    String brief() {
      String job = data.path("id").asText();
      String number = job.isEmpty() ? "" : " " + Long.parseLong(job.substring(24), 16);
      return (name + number + " " + data.path("state").asText()).strip();
    }
  }

  /** Opens a stream, which begins with a status of 200, and reads it. */
  static EventClient open(ApiNode node, String path, String lastEventId) {
    EventClient client = connect(node, path, lastEventId);
    String status = client.line();
    if (!status.startsWith("HTTP/1.1 200")) {
      throw new IllegalStateException("Expected a stream, but got " + status);
    }
    Thread.ofVirtual().start(client::read);
    return client;
  }

  /** Opens a stream and does not read it yet. */
  static EventClient connect(ApiNode node, String path, String lastEventId) {
    try {
      Socket socket = new Socket();
      socket.setReceiveBufferSize(4_096);
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), node.port));
      String last = lastEventId.isEmpty() ? "" : "Last-Event-ID: " + lastEventId + "\r\n";
      String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + last + "\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      return new EventClient(socket);
    } catch (IOException e) {
      throw new IllegalStateException("Expected to connect", e);
    }
  }

  /** Reads from now on. */
  void read() {
    String name = "";
    String id = "";
    try {
      for (String line; (line = lines.readLine()) != null && !line.equals("0"); ) {
        if (line.startsWith("event: ")) {
          name = line.substring(7);
        } else if (line.startsWith("id: ")) {
          id = line.substring(4);
        } else if (line.startsWith("data: ")) {
          events.add(new Event(name, id, ApiNode.parse(line.substring(6))));
        }
      }
    } catch (IOException e) {
      // the connection was closed
    } finally {
      ended = true;
    }
  }

  Event next() {
    Event event = poll();
    assertNotNull(event, "an event in time");
    return event;
  }

  private @Nullable Event poll() {
    try {
      return events.poll(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }

  boolean hasNext() {
    return !events.isEmpty();
  }

  boolean hasEnded() {
    return ended;
  }

  String line() {
    try {
      return String.valueOf(lines.readLine());
    } catch (IOException e) {
      throw new IllegalStateException("Expected a line", e);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new IllegalStateException("Expected to close", e);
    }
  }
}
