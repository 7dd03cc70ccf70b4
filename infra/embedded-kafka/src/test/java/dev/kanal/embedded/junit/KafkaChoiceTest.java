package dev.kanal.embedded.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class KafkaChoiceTest {
  @Test
  void shouldBeEmbedded_unlessSaidOtherwise() {
    assertEquals(KafkaChoice.EMBEDDED, KafkaChoice.of(""));
    assertFalse(KafkaChoice.of("embedded").isContainer());
    assertTrue(KafkaChoice.of("container").isContainer());
    assertEquals(KafkaChoice.AUTO, KafkaChoice.of("auto"));
  }

  @Test
  void shouldNameTheChoices_whenThereIsNoSuch() {
    var failure = assertThrows(IllegalArgumentException.class, () -> KafkaChoice.of("docker"));

    assertTrue(String.valueOf(failure.getMessage()).contains("embedded, container or auto"));
  }
}
