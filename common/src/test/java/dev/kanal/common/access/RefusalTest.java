package dev.kanal.common.access;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kanal.common.channel.Topics;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.junit.jupiter.api.Test;

final class RefusalTest {
  private static final List<Need> NEEDS = Needs.ofScheduler(new Topics("x"));
  private static final String LOOK = " (docs/OPERATIONS.md, Access)";

  @Test
  void shouldNameTopicAndOperations() {
    Exception refused = new TopicAuthorizationException(Set.of("x.tasks.mail.high", "x.control"));

    assertEquals(
        "Kafka refuses topic x.control, x.tasks.mail.high: needed is CREATE on topic x.*, WRITE on"
            + " topic x.control, WRITE on topic x.tasks.*, ALTER on topic x.tasks.*, DELETE on"
            + " topic x.tasks.*"
            + LOOK,
        explained(new IllegalStateException("around", refused)));
  }

  @Test
  void shouldNameGroupAndTransactionalId() {
    assertEquals(
        "Kafka refuses group x-engine: needed is READ on group x-engine" + LOOK,
        explained(GroupAuthorizationException.forGroupId("x-engine")));
    assertEquals(
        "Kafka refuses the transactional id: needed is WRITE on transactional id x-engine-*" + LOOK,
        explained(new TransactionalIdAuthorizationException("no")));
  }

  @Test
  void shouldSayWhatKafkaSays_whenThatIsAll() {
    String own = Refusal.of(NEEDS.subList(0, 1), Map.of());

    assertEquals("Kafka refuses: no" + LOOK, explained(new AuthorizationException("no")));
    assertEquals(own, explained(new AuthorizationException(own)));
    assertEquals(
        "Kafka refuses user me what it needs: CREATE on topic x.*" + LOOK,
        Refusal.of(
            NEEDS.subList(0, 1),
            Map.of("sasl.jaas.config", "a.Module required password='p' username='me';")));
  }

  @Test
  void shouldBeEmpty_whenNothingWasRefused() {
    assertEquals(Optional.empty(), Refusal.in(new IllegalStateException("other"), NEEDS));
    assertEquals(Optional.empty(), Refusal.in(null, NEEDS));
  }

  private static String explained(Throwable failure) {
    return Refusal.in(failure, NEEDS).orElseThrow();
  }
}
