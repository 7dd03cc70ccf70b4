package dev.kanal.common.access;

import dev.kanal.common.channel.Topics;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.common.acl.AclOperation;

/** Renders the needs, as a table of {@code docs/OPERATIONS.md} and as commands. */
public final class AccessPage {
  private AccessPage() {}

  /** The tables of all roles, for the prefix {@code kanal}. */
  static String tables() {
    Topics topics = new Topics("kanal");
    return "A scheduler:\n\n"
        + table(Needs.ofScheduler(topics))
        + "\nA worker:\n\n"
        + table(Needs.ofWorker(topics));
  }

  private static String table(List<Need> needs) {
    StringBuilder page = new StringBuilder("| operation | resource | what for |\n|---|---|---|\n");
    for (Need need : needs) {
      page.append(
          "| %s | %s `%s%s` | %s |\n"
              .formatted(
                  need.operation(),
                  need.kind(),
                  need.name(),
                  need.prefixed() ? "*" : "",
                  need.why()));
    }
    return page.toString();
  }

  /** The options of {@code kafka-acls.sh} that allow a need, beside where Kafka is. */
  public static String command(Need need, String principal) {
    String type =
        switch (need.type()) {
          case TOPIC -> "topic";
          case GROUP -> "group";
          case TRANSACTIONAL_ID -> "transactional-id";
          case CLUSTER, DELEGATION_TOKEN, USER, ANY, UNKNOWN ->
              throw new IllegalArgumentException("Expected a need that there is, but got " + need);
        };
    return "--add --allow-principal '%s' --operation %s --%s '%s'%s"
        .formatted(
            principal,
            need.operation() == AclOperation.ALTER_CONFIGS
                ? "AlterConfigs"
                : capital(need.operation().name()),
            type,
            need.name(),
            need.prefixed() ? " --resource-pattern-type prefixed" : "");
  }

  private static String capital(String word) {
    return word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT);
  }
}
