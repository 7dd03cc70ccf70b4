package dev.kanal.scheduler.api.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EntityTagsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "*                    | true  | true  | true",
        "\"7\"                | true  | true  | true",
        "W/\"7\"              | false | true  | true",
        "\"6\"                | false | false | true",
        "\"77\"               | false | false | true",
        "\"6\", \"7\"         | true  | true  | true",
        "\"6\",\"7\"          | true  | true  | true",
        ", \"6\" ,, W/\"7\" , | false | true  | true",
        "\"a,b\", \"7\"       | true  | true  | true",
        "\"a, \"7\"           | false | false | false",
        "7                    | false | false | false",
        "w/\"7\"              | false | false | false",
        "\"6\" \"7\"          | false | false | false",
        "\"7                  | false | false | false",
        ",                    | false | false | false",
      })
  void shouldCompareAsTheRfcSays(String header, boolean strongly, boolean weakly, boolean well) {
    EntityTags tags = EntityTags.of(List.of(header));

    assertNotNull(tags);
    assertEquals(strongly, tags.nameStrongly("\"7\""));
    assertEquals(weakly, tags.name("\"7\""));
    assertEquals(well, tags.wellFormed());
  }

  @Test
  void shouldTakeAHeaderThatStandsTwiceForOne_andNoneForNone() {
    EntityTags tags = EntityTags.of(List.of("\"6\"", "\"7\""));

    assertNotNull(tags);
    assertEquals(true, tags.nameStrongly("\"7\""));
    assertNull(EntityTags.of(List.of()));
  }
}
