package dev.kanal.bench.run;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Ports of this machine, for programs that have to be given theirs. */
public final class Ports {
  private Ports() {}

  /** One of the loopback address that nobody listens at now. */
  public static int free() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
