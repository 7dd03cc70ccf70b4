package dev.kanal.bench.rest;

import dev.kanal.bench.run.Jvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/** The process of a {@link BareEndpointApplication}. Belongs to one thread. */
final class BareServer implements AutoCloseable {
  private final Process process;
  private final InetSocketAddress address;

  private BareServer(Process process, InetSocketAddress address) {
    this.process = process;
    this.address = address;
  }

  /** Ready when this returns. */
  static BareServer start(Path directory) throws IOException {
    Process process =
        new ProcessBuilder(
                Jvm.command(
                    Jvm.options(),
                    BareEndpointApplication.class.getName(),
                    directory.resolve("kafka").toString()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    BufferedReader told = process.inputReader();
    for (String line = told.readLine(); line != null; line = told.readLine()) {
      if (line.startsWith(BareEndpointApplication.READY)) {
        int port = Integer.parseInt(line.substring(BareEndpointApplication.READY.length()));
        return new BareServer(
            process, new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      }
    }
    throw new IOException("Expected the bare endpoint to be ready, but it ended");
  }

  InetSocketAddress address() {
    return address;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
