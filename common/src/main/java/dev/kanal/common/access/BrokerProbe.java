package dev.kanal.common.access;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RetriableException;

/** Checks whether there are brokers at the given addresses, and says what is wrong. */
public final class BrokerProbe {
  private static final int LOOKED_AT = 3;
  private static final Duration CONNECT = Duration.ofMillis(300);

  /** How much later than requested a client may give up. */
  private static final Duration LATE = Duration.ofMillis(500);

  private BrokerProbe() {}

  /**
   * Why the brokers cannot be used.
   *
   * @param message names the addresses and what is wrong, without advice
   * @param mayPass whether waiting may help
   */
  public record Trouble(String message, boolean mayPass, Throwable cause) {}

  /**
   * Blocks until a broker answers, whatever the client's time-outs are; empty if one does.
   *
   * @param atMost how long, at most 24 days; resolving the addresses takes about a second more
   */
  public static Optional<Trouble> ask(Admin admin, String bootstrap, Duration atMost)
      throws InterruptedException {
    var options = new DescribeClusterOptions().timeoutMs(Math.toIntExact(atMost.toMillis()));
    try {
      var _ =
          admin
              .describeCluster(options)
              .clusterId()
              .get(atMost.plus(LATE).toMillis(), TimeUnit.MILLISECONDS);
      return Optional.empty();
    } catch (TimeoutException e) {
      return Optional.of(silent(bootstrap, look(bootstrap), e));
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      boolean unanswered = cause instanceof org.apache.kafka.common.errors.TimeoutException;
      return Optional.of(
          unanswered ? silent(bootstrap, look(bootstrap), cause) : failed(bootstrap, cause));
    }
  }

  /** What an unanswered or failed request means. */
  public static Trouble failed(String bootstrap, Throwable cause) {
    String why = String.valueOf(cause.getMessage());
    if (cause instanceof RetriableException || cause instanceof TimeoutException) {
      return silent(bootstrap, why, cause);
    }
    return new Trouble("Kafka at %s cannot be asked (%s)".formatted(bootstrap, why), false, cause);
  }

  /** Why no client could be made; a name that is unknown now may become known. */
  public static Trouble unusable(String bootstrap, KafkaException refused) {
    Throwable cause = refused.getCause() == null ? refused : refused.getCause();
    String why = String.valueOf(cause.getMessage());
    if (why.contains("No resolvable bootstrap")) {
      String message = "Kafka at " + bootstrap + " has a name that is not known here";
      return new Trouble(message, true, refused);
    }
    String message = "Kafka at %s cannot be used (%s)".formatted(bootstrap, why);
    return new Trouble(message, false, refused);
  }

  private static Trouble silent(String bootstrap, String why, Throwable cause) {
    return new Trouble("Kafka at %s does not answer (%s)".formatted(bootstrap, why), true, cause);
  }

  /** Is nothing there, or something that does not speak Kafka's protocol? */
  private static String look(String bootstrap) {
    List<String> addresses = Arrays.asList(bootstrap.split(",", -1));
    String why = "";
    for (String address : addresses.subList(0, Math.min(LOOKED_AT, addresses.size()))) {
      int colon = address.lastIndexOf(':');
      try (Socket socket = new Socket()) {
        String host = address.substring(0, colon).strip();
        int port = Integer.parseInt(address.substring(colon + 1).strip());
        socket.connect(new InetSocketAddress(host, port), (int) CONNECT.toMillis());
        return "something listens at "
            + address.strip()
            + ", but does not answer as a broker: is it another service, or does it want other TLS and"
            + " password settings";
      } catch (IOException e) {
        why = "nobody listens at " + address.strip() + ": " + e.getMessage();
      } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
        why = "no answer";
      }
    }
    return why;
  }
}
