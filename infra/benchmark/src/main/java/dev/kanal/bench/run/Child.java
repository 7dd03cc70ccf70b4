package dev.kanal.bench.run;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** A program of a contender, in a process of its own, that serves HTTP. Belongs to one thread. */
public final class Child implements AutoCloseable {
  private static final String READY = "ready ";

  private final Process process;
  private final InetSocketAddress address;

  private Child(Process process, InetSocketAddress address) {
    this.process = process;
    this.address = address;
  }

  /**
   * Starts a program in a JVM like this one; it serves when this returns.
   *
   * @param main prints {@link #ready} when it serves
   */
  public static Child start(Class<?> main, String... arguments) throws IOException {
    Process process =
        new ProcessBuilder(Jvm.command(Jvm.options(), main.getName(), arguments))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    BufferedReader printed = process.inputReader();
    for (String line = printed.readLine(); line != null; line = printed.readLine()) {
      if (line.startsWith(READY)) {
        int port = Integer.parseInt(line.substring(READY.length()));
        return new Child(process, new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      }
    }
    throw new IOException("Expected " + main.getSimpleName() + " to be ready, but it ended");
  }

  /** The line that the program prints when it serves. */
  public static String ready(int port) {
    return READY + port;
  }

  public InetSocketAddress address() {
    return address;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
