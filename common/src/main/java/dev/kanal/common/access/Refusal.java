package dev.kanal.common.access;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.resource.ResourceType;
import org.jspecify.annotations.Nullable;

/** Says in one line what Kafka has refused, and what would have to be allowed. */
public final class Refusal {
  private static final int CAUSES_MAX = 20;
  private static final Pattern USER = Pattern.compile("\\busername\\s*=\\s*[\"']([^\"']+)[\"']");
  private static final String BEGIN = "Kafka refuses";
  private static final String WHERE_TO_LOOK = " (docs/OPERATIONS.md, Access)";

  private Refusal() {}

  /**
   * For needs that are known to be missing.
   *
   * @param client settings of a Kafka client, which name the user
   */
  public static String of(Collection<Need> missing, Map<String, ?> client) {
    return BEGIN
        + " "
        + user(client)
        + " what it needs: "
        + missing.stream().map(Need::text).collect(Collectors.joining(", "))
        + WHERE_TO_LOOK;
  }

  private static String user(Map<String, ?> client) {
    Matcher user = USER.matcher(String.valueOf(client.get("sasl.jaas.config")));
    return user.find() ? "user " + user.group(1) : "this process";
  }

  /**
   * For a failure; empty if it is no refusal.
   *
   * @param needs of this process
   */
  public static Optional<String> in(@Nullable Throwable failure, List<Need> needs) {
    Throwable at = failure;
    for (int depth = 0; at != null && depth < CAUSES_MAX; depth++) {
      if (at instanceof AuthorizationException refusal) {
        return Optional.of(explained(refusal, needs));
      }
      at = at.getCause();
    }
    return Optional.empty();
  }

  private static String explained(AuthorizationException refusal, List<Need> needs) {
    return switch (refusal) {
      case TopicAuthorizationException of when !of.unauthorizedTopics().isEmpty() ->
          explained(ResourceType.TOPIC, of.unauthorizedTopics(), needs);
      case GroupAuthorizationException of when of.groupId() != null ->
          explained(ResourceType.GROUP, Set.of(of.groupId()), needs);
      case TransactionalIdAuthorizationException _ ->
          explained(ResourceType.TRANSACTIONAL_ID, needs);
      default -> {
        String message = String.valueOf(refusal.getMessage());
        // Our own message is complete.
        yield message.startsWith(BEGIN) ? message : BEGIN + ": " + message + WHERE_TO_LOOK;
      }
    };
  }

  private static String explained(ResourceType type, Set<String> names, List<Need> needs) {
    List<Need> about =
        needs.stream()
            .filter(need -> names.stream().anyMatch(name -> need.isAbout(type, name)))
            .toList();
    return BEGIN
        + " "
        + type.name().toLowerCase(Locale.ROOT)
        + " "
        + String.join(", ", new TreeSet<>(names))
        + neededOf(about);
  }

  private static String explained(ResourceType type, List<Need> needs) {
    List<Need> about = needs.stream().filter(need -> need.type() == type).toList();
    return BEGIN + " the transactional id" + neededOf(about);
  }

  private static String neededOf(List<Need> about) {
    String all = about.stream().map(Need::text).collect(Collectors.joining(", "));
    return (all.isEmpty() ? "" : ": needed is " + all) + WHERE_TO_LOOK;
  }
}
