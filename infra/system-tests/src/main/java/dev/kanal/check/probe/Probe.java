package dev.kanal.check.probe;

import dev.kanal.check.history.Run;
import dev.kanal.check.server.CheckStopped;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens on loopback and keeps account of every run. */
public final class Probe implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Probe.class);
  private static final int BACKLOG = 4_096;

  private final RunLog runs = new RunLog();
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("check-probe-", 0).factory());
  private final ServerSocket server;
  private final Script script;

  private Probe(ServerSocket server, Script script) {
    this.server = server;
    this.script = script;
  }

  public static Probe start(Script script) {
    try {
      ServerSocket server = new ServerSocket();
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
      Probe probe = new Probe(server, script);
      Thread.ofPlatform().daemon().name("check-probe-accept").start(probe::accept);
      return probe;
    } catch (IOException e) {
      throw new CheckStopped("Expected to listen on loopback, but: " + e.getMessage());
    }
  }

  public String url(String path) {
    return "http://%s:%d%s"
        .formatted(server.getInetAddress().getHostAddress(), server.getLocalPort(), path);
  }

  /** The runs so far; those that have not ended end now. */
  public List<Run> runs() {
    return runs.runs();
  }

  @Override
  public void close() {
    try {
      server.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      log.debug("A socket did not close", e);
    }
    threads.shutdownNow();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        sockets.add(socket);
        threads.execute(() -> serve(socket));
      } catch (IOException e) {
        log.debug("No more calls are taken", e);
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      new Connection(socket, script, runs).serve();
    } catch (IOException e) {
      log.debug("A connection ended", e);
    } finally {
      sockets.remove(socket);
    }
  }
}
