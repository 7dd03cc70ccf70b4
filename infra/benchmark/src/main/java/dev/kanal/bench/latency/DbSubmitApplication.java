package dev.kanal.bench.latency;

import dev.kanal.bench.postgres.DbScheduler;
import dev.kanal.bench.rest.Endpoint;
import dev.kanal.bench.run.Child;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/** Takes probes over HTTP and submits them to db-scheduler, which executes them elsewhere. */
public final class DbSubmitApplication {
  private static final int CONNECTIONS = 20;

  private DbSubmitApplication() {}

  /**
   * @param arguments the database, for JDBC
   */
  public static void main(String[] arguments) throws Exception {
    Consumer<byte[]> client = DbScheduler.client(arguments[0], CONNECTIONS);
    ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
    int port =
        Endpoint.start(
            body -> {
              byte[] data = DbSchedulerLatency.data(ProbeBody.dueMicros(body));
              return CompletableFuture.runAsync(() -> client.accept(data), calls);
            },
            _ -> "{}");
    System.out.println(Child.ready(port));
  }
}
