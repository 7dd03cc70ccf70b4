package dev.kanal.common.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.Priority;
import java.util.Optional;
import org.apache.kafka.common.internals.Topic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The names of topics of single types, and what can be read from them. */
final class OwnTopicNamesTest {
  private static final Topics TOPICS = new Topics("my.kanal");

  @Test
  void shouldEndInTheType() {
    assertEquals("my.kanal.tasks.mail.normal-send_now", own("send_now"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.b", "a:b", "a/b", "A", "high", "normal.x", "v1/orders:create", "x"})
  void shouldBeLegal_andSayItsQueue_whateverTheType(String type) {
    String topic = own(type);
    Topic.validate(topic);
    assertEquals("mail", Topics.queueOf(topic));
    assertTrue(TOPICS.isOwn(topic, "mail", Priority.NORMAL));
    assertFalse(TOPICS.isOwn(topic, "mail", Priority.HIGH));
    assertEquals(Optional.empty(), TOPICS.queueOfShared(topic));
  }

  @Test
  void shouldDiffer_whereTypesDoInWhatANameCannotHold() {
    assertNotEquals(own("a.b"), own("a:b"));
    assertNotEquals(own("a.b"), own("a-b"));
    String longest = "t".repeat(127);
    assertNotEquals(
        longPrefix().own("q", Priority.LOW, longest + "a"),
        longPrefix().own("q", Priority.LOW, longest + "b"));
  }

  @Test
  void shouldFitATopicsName_forTheLongestTypeAndQueue() {
    String type = "t".repeat(128);
    assertTrue(JobSpec.TYPE.matcher(type).matches());
    Topic.validate(longPrefix().own("q".repeat(63), Priority.NORMAL, type));
    assertEquals(249, longPrefix().own("q".repeat(63), Priority.NORMAL, type).length());
  }

  @Test
  void shouldTellAQueueByItsSharedTopicOnly() {
    assertEquals(Optional.of("mail"), TOPICS.queueOfShared("my.kanal.tasks.mail.low"));
    assertEquals(Optional.empty(), TOPICS.queueOfShared("my.kanal.tasks.mail.later"));
    assertEquals(Optional.empty(), TOPICS.queueOfShared("other.tasks.mail.low"));
    assertEquals(Optional.empty(), TOPICS.queueOfShared("my.kanal.tasks.low"));
  }

  private static Topics longPrefix() {
    return new Topics("p".repeat(120));
  }

  private static String own(String type) {
    return TOPICS.own("mail", Priority.NORMAL, type);
  }
}
