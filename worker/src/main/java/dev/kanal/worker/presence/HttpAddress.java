package dev.kanal.worker.presence;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The address at which a worker listens.
 *
 * @param port 0 for a free one
 * @param orFree whether any port will do if this one is taken
 */
public record HttpAddress(String host, int port, boolean orFree) {
  private static final Logger log = LoggerFactory.getLogger(HttpAddress.class);

  public WorkerHttpServer open(WorkerHttpServer.Inside inside) {
    try {
      return WorkerHttpServer.open(host, port, inside);
    } catch (IllegalStateException e) {
      if (!orFree) {
        throw e;
      }
      log.debug("Port {} cannot be had", port, e);
      return WorkerHttpServer.open(host, 0, inside);
    }
  }
}
