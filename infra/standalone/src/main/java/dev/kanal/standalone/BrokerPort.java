package dev.kanal.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The built-in broker's port, kept in the data directory, so that clients find the broker again
 * after a restart.
 */
final class BrokerPort {
  static final int ANY = 0;

  private static final Logger log = LoggerFactory.getLogger(BrokerPort.class);
  private static final String FILE = "broker-port";
  private static final int PORT_MAX = 65_535;

  private final Path file;

  BrokerPort(Path directory) {
    this.file = directory.resolve(FILE);
  }

  /** The port of the last time, or {@link #ANY}. */
  int kept() {
    if (!Files.exists(file)) {
      return ANY;
    }
    try {
      int port = Integer.parseInt(Files.readString(file).strip());
      return port > 0 && port <= PORT_MAX ? port : ANY;
    } catch (IOException | NumberFormatException e) {
      log.warn("Expected a port in {}, but: {}; the broker takes a free one", file, e.toString());
      return ANY;
    }
  }

  /** Remembers the port for the next time. Not worth failing for. */
  void keep(int port) {
    try {
      Files.writeString(file, port + "\n");
    } catch (IOException e) {
      log.warn("Expected to write {}, but: {}", file, e.toString());
    }
  }
}
