package dev.kanal.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.access.Needs;
import dev.kanal.common.channel.Topics;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AclsApplicationTest {
  @Test
  void shouldPrintACommand_forEachNeedOfEachRole() {
    List<String> lines =
        AclsApplication.lines(List.of("--scheduler=User:a", "--worker=User:b", "--prefix=x"));

    assertEquals(Needs.ofBoth(new Topics("x")).size(), lines.size());
    assertTrue(
        lines.contains(
            "kafka-acls.sh \"$@\" --add --allow-principal 'User:b' --operation AlterConfigs"
                + " --group 'x.tasks.' --resource-pattern-type prefixed"),
        lines::toString);
    assertTrue(
        lines.contains(
            "kafka-acls.sh \"$@\" --add --allow-principal 'User:a' --operation Write"
                + " --topic 'x.log'"),
        lines::toString);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--prefix=x", "--scheduler=nobody", "--worker=User:it's", "--all"})
  void shouldSayWhatIsWrong(String argument) {
    var failure =
        assertThrows(
            IllegalArgumentException.class, () -> AclsApplication.lines(List.of(argument)));

    assertTrue(String.valueOf(failure.getMessage()).startsWith("Expected"));
  }
}
