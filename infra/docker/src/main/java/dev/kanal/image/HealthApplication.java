package dev.kanal.image;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * The probe of the image's health check: asks the API, or the worker's port where there is no API,
 * whether it is ready. It ends with status 0 if so, else with 1 and a line that says why.
 *
 * <p>A JVM is started for each probe: a bare socket loads a tenth of what an HTTP client does.
 */
public final class HealthApplication {
  private static final int TIMEOUT_MS = 4_000;
  private static final int STATUS_LINE_MAX = 64;
  private static final int DEFAULT_API_PORT = 8080;
  private static final int DEFAULT_WORKER_PORT = 8081;

  private HealthApplication() {}

  public static void main(String[] arguments) {
    Optional<String> trouble = trouble(System.getenv());
    trouble.ifPresent(System.out::println);
    System.exit(trouble.isEmpty() ? 0 : 1);
  }

  /** Why the service is not ready; empty if it is. */
  static Optional<String> trouble(Map<String, String> environment) {
    int api = port(environment, "KANAL_HTTP_PORT", DEFAULT_API_PORT);
    int worker = port(environment, "KANAL_WORKER_HTTP_PORT", DEFAULT_WORKER_PORT);
    // A process that refuses the connection has another role, or has not got that far.
    for (int port : new int[] {api, worker}) {
      Optional<Socket> socket = connect(port);
      if (socket.isPresent()) {
        return ask(socket.get());
      }
    }
    return Optional.of("nobody listens at port " + api + " or " + worker);
  }

  private static Optional<Socket> connect(int port) {
    InetAddress here = InetAddress.getLoopbackAddress();
    try {
      return Optional.of(new Socket(here, port));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> ask(Socket socket) {
    try (socket) {
      socket.setSoTimeout(TIMEOUT_MS);
      socket
          .getOutputStream()
          .write(
              "GET /readyz HTTP/1.0\r\nHost: localhost\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      byte[] begin = socket.getInputStream().readNBytes(STATUS_LINE_MAX);
      String answer = new String(begin, StandardCharsets.US_ASCII);
      String status = answer.lines().findFirst().orElse("");
      return status.matches("HTTP/1\\.[01] 200\\b.*")
          ? Optional.empty()
          : Optional.of("/readyz at port " + socket.getPort() + " answers '" + status + "'");
    } catch (IOException e) {
      return Optional.of("/readyz at port " + socket.getPort() + " does not answer: " + e);
    }
  }

  private static int port(Map<String, String> environment, String name, int byDefault) {
    String value = environment.getOrDefault(name, "");
    return value.matches("\\d{1,5}") ? Integer.parseInt(value) : byDefault;
  }
}
