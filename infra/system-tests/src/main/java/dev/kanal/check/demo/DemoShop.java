package dev.kanal.check.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.kanal.check.server.CheckStopped;
import dev.kanal.check.server.Pause;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;

/** The services that the sample jobs call: they take their time, and now and then they fail. */
final class DemoShop implements AutoCloseable {
  private static final int BACKLOG = 1_024;
  private static final int OK = 200;
  private static final int MISSING = 404;
  private static final int BUSY = 429;
  private static final int BROKEN = 500;

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final RandomGenerator random;
  private final HttpServer server;
  private final String host;

  private DemoShop(HttpServer server, String host, RandomGenerator random) {
    this.server = server;
    this.host = host;
    this.random = random;
  }

  /** What a service answers, and when. */
  record Reply(int status, String body, Duration after) {
    static Reply ok(Duration after) {
      return new Reply(OK, "{\"done\":true}", after);
    }
  }

  /**
   * Listens at a free port.
   *
   * @param host by which workers reach this process; not only this machine if it is not loopback
   */
  static DemoShop start(String host, RandomGenerator random) {
    try {
      InetAddress named = InetAddress.getByName(host);
      InetSocketAddress address =
          named.isLoopbackAddress() ? new InetSocketAddress(named, 0) : new InetSocketAddress(0);
      DemoShop shop = new DemoShop(HttpServer.create(address, BACKLOG), host, random);
      shop.server.setExecutor(shop.threads);
      shop.server.createContext("/", shop::answer);
      shop.server.start();
      return shop;
    } catch (IOException e) {
      throw new CheckStopped("Expected to listen for the workers, but: " + e.getMessage());
    }
  }

  String url(String service) {
    String name = host.contains(":") ? "[" + host + "]" : host;
    return "http://" + name + ":" + server.getAddress().getPort() + "/" + service;
  }

  /** How a service behaves; each failure is of another kind. */
  static Reply reply(String service, RandomGenerator random) {
    int luck = random.nextInt(1_000);
    return switch (service) {
      case "thumbnail" -> Reply.ok(between(random, 20, 150));
      case "charge" -> charge(random, luck);
      case "mail" -> mail(random, luck);
      case "export" -> export(random, luck);
      default -> new Reply(MISSING, "{\"error\":\"no service " + service + "\"}", Duration.ZERO);
    };
  }

  private static Reply charge(RandomGenerator random, int luck) {
    if (luck < 25) {
      String error = "ledger-" + random.nextInt(4) + ": no answer within " + luck * 40 + " ms";
      return new Reply(BROKEN, error, between(random, 200, 900));
    }
    if (luck < 32) {
      return new Reply(MISSING, "card " + id(random) + " has expired", between(random, 20, 60));
    }
    return Reply.ok(between(random, 60, 400));
  }

  private static Reply mail(RandomGenerator random, int luck) {
    if (luck < 15) {
      return new Reply(BUSY, "too many mails, try again later", Duration.ZERO);
    }
    if (luck < 20) {
      return new Reply(MISSING, "no mailbox for recipient " + id(random), between(random, 10, 40));
    }
    return Reply.ok(between(random, 40, 200));
  }

  /** Slow, and broken every third time. */
  private static Reply export(RandomGenerator random, int luck) {
    return luck < 330
        ? new Reply(
            502, "bucket at offset " + random.nextInt(1 << 20), between(random, 1_000, 4_000))
        : Reply.ok(between(random, 3_000, 12_000));
  }

  private static UUID id(RandomGenerator random) {
    return new UUID(random.nextLong(), random.nextLong());
  }

  private static Duration between(RandomGenerator random, int leastMs, int mostMs) {
    return Duration.ofMillis(random.nextInt(leastMs, mostMs));
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      Reply reply = reply(exchange.getRequestURI().getPath().substring(1), random);
      if (reply.after.isPositive()) {
        Pause.real().of(reply.after);
      }
      byte[] body = reply.body.getBytes(StandardCharsets.UTF_8);
      if (reply.status == BUSY) {
        exchange.getResponseHeaders().set("retry-after", "2");
      }
      exchange.getResponseHeaders().set("content-type", "application/json");
      exchange.sendResponseHeaders(reply.status, body.length);
      exchange.getResponseBody().write(body);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
