package dev.kanal.image;

import dev.kanal.common.door.Places;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes connections on as they are, byte for byte, so that streams, long polls and all other
 * features of HTTP work as without it. Each connection has two virtual threads; usable from any
 * thread.
 */
final class Gateway implements AutoCloseable {
  /** Connections at once; one client alone gets half of them. */
  static final int CONNECTIONS_MAX = 4_096;

  private static final Logger log = LoggerFactory.getLogger(Gateway.class);
  private static final int CHUNK = 16 * 1024;

  /** How long a client may take to end a connection that the scheduler has ended. */
  private static final Duration END_PATIENCE = Duration.ofSeconds(5);

  private static final byte[] AWAY = unavailable("No scheduler can be reached.");
  private static final byte[] FULL =
      unavailable(
          "Expected at most %d connections at once, and %d of one client alone, but got more."
              .formatted(CONNECTIONS_MAX, CONNECTIONS_MAX / 2));

  private final ServerSocket server;
  private final Schedulers schedulers;
  private final Places places;

  private Gateway(ServerSocket server, Schedulers schedulers, Places places) {
    this.server = server;
    this.schedulers = schedulers;
    this.places = places;
  }

  /** Starts listening at all addresses; port 0 means any free one. */
  static Gateway listen(int port, Schedulers schedulers) throws IOException {
    return listen(port, schedulers, new Places(CONNECTIONS_MAX));
  }

  static Gateway listen(int port, Schedulers schedulers, Places places) throws IOException {
    Gateway gateway = new Gateway(new ServerSocket(port), schedulers, places);
    Thread.ofPlatform().name("gateway").start(gateway::accept);
    return gateway;
  }

  int port() {
    return server.getLocalPort();
  }

  /** Accepts no more connections; open ones go on. */
  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      log.debug("The listening socket did not close", e);
    }
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        Thread.ofVirtual().name("gateway-in").start(() -> admit(client));
      } catch (IOException e) {
        if (!server.isClosed()) {
          log.warn("A connection could not be taken: {}", e.getMessage());
        }
      }
    }
  }

  private void admit(Socket client) {
    String address = Places.client(client.getInetAddress());
    if (!places.enter(address)) {
      refuse(client);
      return;
    }
    try {
      serve(client);
    } finally {
      places.leave(address);
    }
  }

  private static void refuse(Socket client) {
    try (client) {
      client.getOutputStream().write(FULL);
    } catch (IOException e) {
      log.debug("A client that was refused had gone", e);
    }
  }

  private void serve(Socket client) {
    try (client;
        Socket scheduler = connect(client)) {
      client.setTcpNoDelay(true);
      Thread forth = Thread.ofVirtual().name("gateway-out").start(() -> copy(client, scheduler));
      copy(scheduler, client);
      if (!forth.join(END_PATIENCE)) {
        log.debug("{} did not end a connection that was over", client.getRemoteSocketAddress());
      }
    } catch (IOException e) {
      log.warn("{}: {}", e.getMessage(), String.valueOf(e.getCause()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Answers the client over HTTP if no scheduler can be reached. */
  private Socket connect(Socket client) throws IOException {
    try {
      return schedulers.connect();
    } catch (IOException e) {
      client.getOutputStream().write(AWAY);
      throw e;
    }
  }

  /** Copies until one side ends or breaks, and passes that on to the other side. */
  private static void copy(Socket from, Socket to) {
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] chunk = new byte[CHUNK];
      for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
        out.write(chunk, 0, read);
      }
      to.shutdownOutput();
    } catch (SocketException e) {
      abandon(from, to);
    } catch (IOException e) {
      log.debug("A connection broke", e);
      abandon(from, to);
    }
  }

  private static void abandon(Socket from, Socket to) {
    try (from;
        to) {
      from.setSoLinger(true, 0);
      to.setSoLinger(true, 0);
    } catch (IOException e) {
      log.debug("A broken connection did not close", e);
    }
  }

  private static byte[] unavailable(String detail) {
    return """
        HTTP/1.1 503 Service Unavailable\r
        Content-Type: application/problem+json\r
        Retry-After: 1\r
        Connection: close\r
        \r
        {"type":"urn:kanal:problem:unavailable","title":"Unavailable","status":503,\
        "detail":"%s"}
        """
        .formatted(detail)
        .getBytes(StandardCharsets.US_ASCII);
  }
}
