package dev.kanal.standalone;

import dev.kanal.common.access.AccessCheck;
import dev.kanal.common.access.BrokerProbe;
import dev.kanal.common.access.Need;
import dev.kanal.common.access.Refusal;
import dev.kanal.common.config.KafkaConfig;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;

/** Looks for the brokers before anything that would wait for them is started. */
final class KafkaProbe {
  static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final String ADVICE =
      ": start it, or correct kafka.bootstrap (KANAL_KAFKA_BOOTSTRAP) and kafka.common.*";

  private KafkaProbe() {}

  /**
   * Blocks until a broker answers, at most {@link #PATIENCE}.
   *
   * @param client settings passed through to Kafka clients
   * @throws KafkaAway if none does
   * @throws StartProblem if it refuses to
   */
  static void check(String bootstrap, Map<String, String> client) throws StartProblem, KafkaAway {
    Map<String, Object> settings = new HashMap<>(client);
    settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
    Admin admin = open(bootstrap, settings);
    Optional<BrokerProbe.Trouble> trouble;
    try {
      trouble = BrokerProbe.ask(admin, bootstrap, PATIENCE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartProblem("interrupted while waiting for Kafka at " + bootstrap, e);
    } finally {
      admin.close(Duration.ZERO);
    }
    if (trouble.isPresent()) {
      throw advised(trouble.get());
    }
  }

  /**
   * Checks whether the cluster allows what a process will do there. Blocks for some requests.
   *
   * @throws StartProblem if it refuses any of that
   * @throws KafkaAway if it does not answer
   */
  static void checkAccess(KafkaConfig kafka, Map<String, String> client, List<Need> needs)
      throws StartProblem, KafkaAway {
    if (!AccessCheck.isSecured(client)) {
      return;
    }
    Map<String, Object> settings = new HashMap<>(client);
    settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrap());
    try (Admin admin = open(kafka.bootstrap(), settings)) {
      List<Need> missing = AccessCheck.missing(admin, needs);
      if (!missing.isEmpty()) {
        throw new StartProblem(Refusal.of(missing, client));
      }
    } catch (TimeoutException | ExecutionException e) {
      String what = " does not say what is allowed (" + e.getMessage() + ")";
      throw new KafkaAway("Kafka at " + kafka.bootstrap() + what + ADVICE, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartProblem("interrupted while asking Kafka what is allowed", e);
    }
  }

  private static Admin open(String bootstrap, Map<String, Object> settings)
      throws StartProblem, KafkaAway {
    try {
      return Admin.create(settings);
    } catch (KafkaException e) {
      throw advised(BrokerProbe.unusable(bootstrap, e));
    }
  }

  /** Throws a problem that may pass, and returns one that will not. */
  private static StartProblem advised(BrokerProbe.Trouble trouble) throws KafkaAway {
    String message = trouble.message() + ADVICE;
    if (trouble.mayPass()) {
      throw new KafkaAway(message, trouble.cause());
    }
    return new StartProblem(message, trouble.cause());
  }
}
