package dev.kanal.embedded;

import java.util.Map;
import java.util.TreeMap;

/**
 * The users that may connect: the settings of brokers that require authentication, and of their
 * clients.
 *
 * @param passwords by user
 */
record Users(Map<String, String> passwords) {
  private static final String MODULE =
      "org.apache.kafka.common.security.plain.PlainLoginModule required";

  /** Clients and brokers by user; the controllers' listener, which no client knows, without. */
  void putInto(Map<String, String> settings) {
    settings.put("listener.security.protocol.map", "PLAINTEXT:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT");
    settings.put("sasl.enabled.mechanisms", "PLAIN");
    settings.put("sasl.mechanism.inter.broker.protocol", "PLAIN");
    StringBuilder jaas = new StringBuilder(login(EmbeddedKafkaConfig.ADMIN));
    new TreeMap<>(passwords)
        .forEach((user, password) -> jaas.append(" user_%s=\"%s\"".formatted(user, password)));
    settings.put("listener.name.plaintext.plain.sasl.jaas.config", jaas + ";");
    settings.put(
        "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
    settings.put("super.users", "User:" + EmbeddedKafkaConfig.ADMIN + ";User:ANONYMOUS");
  }

  /** The settings of a user's client. */
  Map<String, String> client(String user) {
    if (!passwords.containsKey(user)) {
      throw new IllegalArgumentException(
          "Expected one of the users %s, but got %s".formatted(passwords.keySet(), user));
    }
    return Map.of(
        "security.protocol", "SASL_PLAINTEXT",
        "sasl.mechanism", "PLAIN",
        "sasl.jaas.config", login(user) + ";");
  }

  private String login(String user) {
    return "%s username=\"%s\" password=\"%s\"".formatted(MODULE, user, passwords.get(user));
  }
}
