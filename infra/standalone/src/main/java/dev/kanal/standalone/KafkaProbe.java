package dev.kanal.standalone;

import dev.kanal.common.access.AccessCheck;
import dev.kanal.common.access.Need;
import dev.kanal.common.access.Refusal;
import dev.kanal.common.config.KafkaConfig;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;

/** Looks for the brokers before anything is started that would wait for them. */
final class KafkaProbe {
  /** Long enough for brokers that are started at the same time. */
  static final Duration PATIENCE = Duration.ofSeconds(20);

  private KafkaProbe() {}

  /**
   * Blocks until a broker answers, at most {@link #PATIENCE}.
   *
   * @param client settings passed through to Kafka clients
   * @throws StartProblem if none does
   */
  static void check(String bootstrap, Map<String, String> client) throws StartProblem {
    Map<String, Object> settings = new HashMap<>(client);
    settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
    Admin admin = open(bootstrap, settings);
    try {
      var _ = admin.describeCluster().clusterId().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw unreachable(bootstrap, "did not answer within " + PATIENCE.toSeconds() + " s", e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw unreachable(bootstrap, "cannot be asked (" + cause.getMessage() + ")", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartProblem("interrupted while waiting for Kafka at " + bootstrap, e);
    } finally {
      admin.close(Duration.ZERO);
    }
  }

  /**
   * Looks whether the cluster allows what a process will do there. Blocks for some requests.
   *
   * @throws StartProblem if it refuses something of it
   */
  static void checkAccess(KafkaConfig kafka, Map<String, String> client, List<Need> needs)
      throws StartProblem {
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
      throw unreachable(
          kafka.bootstrap(), "does not say what is allowed (" + e.getMessage() + ")", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartProblem("interrupted while asking Kafka what is allowed", e);
    }
  }

  private static Admin open(String bootstrap, Map<String, Object> settings) throws StartProblem {
    try {
      return Admin.create(settings);
    } catch (KafkaException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw unreachable(bootstrap, "cannot be used (" + cause.getMessage() + ")", e);
    }
  }

  private static StartProblem unreachable(String bootstrap, String what, Throwable cause) {
    return new StartProblem(
        "Kafka at "
            + bootstrap
            + " "
            + what
            + ": start it, or correct kafka.bootstrap (KANAL_KAFKA_BOOTSTRAP) and kafka.common.*",
        cause);
  }
}
