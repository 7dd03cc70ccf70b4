package dev.kanal.image;

import java.io.IOException;
import java.util.OptionalInt;

/** {@code gateway HOST:PORT}: passes connections to port 8080 on to the schedulers. */
public final class GatewayApplication {
  static final int PORT = 8080;
  private static final int WRONG_USAGE = 2;
  private static final int PORT_MAX = 65_535;

  private GatewayApplication() {}

  public static void main(String[] arguments) {
    String target = arguments.length == 1 ? arguments[0] : "";
    int colon = target.lastIndexOf(':');
    OptionalInt port = port(target.substring(colon + 1));
    if (colon < 1 || port.isEmpty()) {
      System.err.println(
          "kanal: Expected gateway HOST:PORT, where HOST is a name that stands for all schedulers,"
              + " but got '"
              + String.join(" ", arguments)
              + "'");
      System.exit(WRONG_USAGE);
    }
    String host = target.substring(0, colon);
    try {
      Gateway gateway = Gateway.listen(PORT, new Schedulers(host, port.orElseThrow()));
      Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(gateway::close));
      System.out.println("The gateway passes port " + gateway.port() + " on to " + target);
    } catch (IOException e) {
      System.err.println("kanal: port " + PORT + " cannot be listened at: " + e.getMessage());
      System.exit(1);
    }
  }

  private static OptionalInt port(String text) {
    int port = text.matches("\\d{1,5}") ? Integer.parseInt(text) : 0;
    return port > 0 && port <= PORT_MAX ? OptionalInt.of(port) : OptionalInt.empty();
  }
}
