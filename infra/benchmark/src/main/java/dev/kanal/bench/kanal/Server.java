package dev.kanal.bench.kanal;

import dev.kanal.bench.http.Exchange;
import dev.kanal.bench.run.Jvm;
import dev.kanal.standalone.KanalApplication;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A process of Kanal: everything, or a part. Belongs to one thread. */
public final class Server implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(90);
  private static final Duration LOOK_EVERY = Duration.ofMillis(5);
  private static final Duration STOP = Duration.ofSeconds(20);

  private final Process process;
  private final InetSocketAddress address;

  private Server(Process process, InetSocketAddress address) {
    this.process = process;
    this.address = address;
  }

  /**
   * {@code ./kanal up} with its defaults, and a no-op handler beside the built-in ones; ready when
   * this returns.
   */
  public static Server up(Path directory, String... settings) throws IOException {
    List<String> arguments = new ArrayList<>(List.of(settings));
    arguments.add("--data=" + directory.resolve("kanal"));
    return start("up", freePort(), arguments);
  }

  private static Server start(String role, int port, List<String> settings) throws IOException {
    List<String> arguments = new ArrayList<>(List.of(role, "--http.port=" + port));
    arguments.addAll(settings);
    ProcessBuilder builder =
        new ProcessBuilder(
            Jvm.command(
                Jvm.options(), KanalApplication.class.getName(), arguments.toArray(String[]::new)));
    // Settings of the one who measures are not those of the server.
    builder.environment().keySet().removeIf(key -> key.startsWith("KANAL_"));
    Process process = builder.inheritIO().start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    Server server =
        new Server(process, new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    server.awaitReady();
    return server;
  }

  public InetSocketAddress address() {
    return address;
  }

  /** What it has used of the processors so far, in seconds. */
  public double cpuSeconds() {
    return process.info().totalCpuDuration().map(used -> used.toMillis() / 1_000.0).orElse(0.0);
  }

  public long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private void awaitReady() throws IOException {
    long deadline = System.nanoTime() + START.toNanos();
    while (!isReady()) {
      if (!process.isAlive() || System.nanoTime() - deadline > 0) {
        throw new IOException("Expected the server to be ready within " + START);
      }
      LockSupport.parkNanos(LOOK_EVERY.toNanos());
    }
  }

  private boolean isReady() {
    try (Exchange exchange = new Exchange(address)) {
      return exchange.get("/readyz").status() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
