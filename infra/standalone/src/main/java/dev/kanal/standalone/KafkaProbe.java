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
import org.apache.kafka.common.errors.RetriableException;

/** Looks for the brokers before anything is started that would wait for them. */
final class KafkaProbe {
  static final Duration PATIENCE = Duration.ofSeconds(5);

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
    Admin admin = openToWait(bootstrap, settings);
    try {
      var _ = admin.describeCluster().clusterId().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw away(bootstrap, "does not answer", e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      if (cause instanceof RetriableException) {
        throw away(bootstrap, "does not answer (" + cause.getMessage() + ")", e);
      }
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
      throw away(kafka.bootstrap(), "does not say what is allowed (" + e.getMessage() + ")", e);
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

  /** A name that is not known yet may be soon. */
  private static Admin openToWait(String bootstrap, Map<String, Object> settings)
      throws StartProblem, KafkaAway {
    try {
      return open(bootstrap, settings);
    } catch (StartProblem e) {
      if (String.valueOf(e.getMessage()).contains("No resolvable bootstrap")) {
        throw away(bootstrap, "has a name that is not known here", e);
      }
      throw e;
    }
  }

  private static KafkaAway away(String bootstrap, String what, Throwable cause) {
    return new KafkaAway(unreachable(bootstrap, what, cause).getMessage(), cause);
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
