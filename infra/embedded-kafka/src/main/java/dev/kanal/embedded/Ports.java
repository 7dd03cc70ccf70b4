package dev.kanal.embedded;

import dev.kanal.embedded.EmbeddedKafkaException.Problem;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** Ports on the loopback address, each given out once. */
final class Ports {
  // Below the range that systems use for outgoing connections: a node that is down keeps its port.
  private static final int LOWEST = 15_000;
  private static final int HIGHEST = 32_000;
  private static final int MAX_TRIES = 1_000;

  private final Set<Integer> given = new HashSet<>();

  /** The port asked for, or a free one for 0. */
  int take(int wanted) {
    if (wanted == 0) {
      return free();
    }
    if (!isFree(wanted)) {
      throw new EmbeddedKafkaException(
          Problem.PORT_TAKEN,
          "Expected port %d on 127.0.0.1 to be free, but something listens on it"
              .formatted(wanted));
    }
    given.add(wanted);
    return wanted;
  }

  private int free() {
    for (int tries = 0; tries < MAX_TRIES; tries++) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
      if (!given.contains(port) && isFree(port)) {
        given.add(port);
        return port;
      }
    }
    throw new EmbeddedKafkaException(
        Problem.PORT_TAKEN,
        "Expected a free port from %d to %d on 127.0.0.1, but found none in %d tries"
            .formatted(LOWEST, HIGHEST, MAX_TRIES));
  }

  private static boolean isFree(int port) {
    try (var socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
