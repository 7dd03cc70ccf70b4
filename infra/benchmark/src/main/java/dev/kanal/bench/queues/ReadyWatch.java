package dev.kanal.bench.queues;

import dev.kanal.bench.http.Exchange;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Looks ten times a second whether a server says that it is ready, as an orchestrator would. */
final class ReadyWatch implements AutoCloseable {
  private static final Duration EVERY = Duration.ofMillis(100);

  private final InetSocketAddress server;
  private final AtomicInteger failed = new AtomicInteger();
  private final Thread thread;
  private volatile boolean ended;

  ReadyWatch(InetSocketAddress server) {
    this.server = server;
    thread = Thread.ofVirtual().start(this::watch);
  }

  /** Ends it; how many looks found the server not ready, or not there. */
  int end() throws InterruptedException {
    ended = true;
    thread.join();
    return failed.get();
  }

  @Override
  public void close() {
    ended = true;
  }

  private void watch() {
    while (!ended) {
      try (Exchange exchange = new Exchange(server)) {
        if (exchange.get("/readyz").status() != 200) {
          failed.incrementAndGet();
        }
      } catch (IOException e) {
        failed.incrementAndGet();
      }
      LockSupport.parkNanos(EVERY.toNanos());
    }
  }
}
