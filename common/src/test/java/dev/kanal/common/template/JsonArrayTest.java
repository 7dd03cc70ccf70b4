package dev.kanal.common.template;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.job.JsonBytes;
import org.junit.jupiter.api.Test;

final class JsonArrayTest {
  @Test
  void shouldCutArrays() {
    assertEquals(
        "[[1, {\"a\":[]}, \"x\", [ 2 ], 3]]",
        JsonArray.elements(JsonBytes.of(" [1, {\"a\":[]},\"x\" ,[ 2 ],3] ")).stream()
            .toList()
            .toString());
    assertEquals(0, JsonArray.elements(JsonBytes.of("[]")).orElseThrow().size());
    for (String none : new String[] {"{}", "1", "", "[1", "[1] 2", "[1}", "\u0000["}) {
      assertTrue(JsonArray.elements(JsonBytes.of(none)).isEmpty(), none);
    }
  }
}
