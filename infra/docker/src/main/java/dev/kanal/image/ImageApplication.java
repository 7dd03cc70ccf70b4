package dev.kanal.image;

import dev.kanal.check.CheckApplication;
import dev.kanal.standalone.KanalApplication;
import java.util.Arrays;

/** The entry of the image: its first argument says what the container is. */
public final class ImageApplication {
  private static final String USAGE =
      """
      Usage: docker run IMAGE ROLE [ARGUMENT...]

        scheduler   API and engine; needs KANAL_KAFKA_BOOTSTRAP
        worker      runs tasks; needs KANAL_KAFKA_BOOTSTRAP; handler jars are mounted at /handlers
        standalone  everything in one process, with a Kafka broker of its own (also: up)
        gateway     passes connections on to schedulers: gateway HOST:PORT
        check       submits jobs with known answers and checks every answer: check --url URL
        help        prints this

      scheduler and standalone listen at 0.0.0.0:8080, which takes KANAL_AUTH=off: whoever reaches the
      port may submit and read jobs. Settings are variables: docs/CONFIGURATION.md. Data is in /data.
      """;
  private static final int WRONG_USAGE = 2;

  private ImageApplication() {}

  public static void main(String[] arguments) {
    String role = arguments.length == 0 ? "help" : arguments[0];
    String[] rest = arguments.length == 0 ? arguments : tail(arguments);
    switch (role) {
      case "scheduler", "worker", "up" -> KanalApplication.main(arguments);
      case "standalone" -> {
        String[] asUp = arguments.clone();
        asUp[0] = "up";
        KanalApplication.main(asUp);
      }
      case "gateway" -> GatewayApplication.main(rest);
      case "check" -> CheckApplication.main(rest);
      case "help", "--help", "-h" -> System.out.print(USAGE);
      default -> {
        System.err.println(
            "kanal: unknown role '"
                + role
                + "'; known are scheduler, worker, standalone, gateway, check, help");
        System.exit(WRONG_USAGE);
      }
    }
  }

  private static String[] tail(String[] arguments) {
    return Arrays.copyOfRange(arguments, 1, arguments.length);
  }
}
