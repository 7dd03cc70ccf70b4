package dev.kanal.check.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import dev.kanal.check.promise.Promise;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class JobVerdictTest {
  /** Holds one job whose right answer is 7. */
  private static final class Seven implements JobSource {
    @Override
    public int size() {
      return 1;
    }

    @Override
    public byte[] line(int index) {
      return new byte[] {'\n'};
    }

    @Override
    public Optional<String> wrong(int index, JsonNode result) {
      return result.asInt() == 7 ? Optional.empty() : Optional.of("not 7");
    }
  }

  static Stream<Arguments> endings() {
    return Stream.of(
        Arguments.of(new Ending.Succeeded(IntNode.valueOf(7)), "1 1 1 1", "0 0 0 0"),
        Arguments.of(new Ending.Succeeded(IntNode.valueOf(8)), "1 1 1 1", "0 0 0 1"),
        Arguments.of(new Ending.Otherwise("DEAD", "worker-lost"), "1 1 1 0", "0 0 1 0"),
        Arguments.of(new Ending.Otherwise("EXPIRED", ""), "1 1 1 0", "0 0 1 0"),
        Arguments.of(new Ending.NotFinal("RUNNING"), "1 1 0 0", "0 1 0 0"),
        Arguments.of(new Ending.Missing(), "1 0 0 0", "1 0 0 0"),
        Arguments.of(new Ending.Unexpected("status 500"), "1 0 0 0", "1 0 0 0"));
  }

  @ParameterizedTest
  @MethodSource("endings")
  void shouldBreakTheFirstPromiseThatTheEndingDoesNotKeep(
      Ending ending, String checked, String violations) {
    JobVerdict verdict = new JobVerdict(new Seven());

    verdict.judge(new AcceptedJob(0, "id-0"), ending);

    List<Promise> promises = verdict.promises();
    assertEquals(checked, joined(promises.stream().map(Promise::checked)));
    assertEquals(violations, joined(promises.stream().map(Promise::violations)));
  }

  private static String joined(Stream<Long> numbers) {
    return String.join(" ", numbers.map(String::valueOf).toList());
  }
}
