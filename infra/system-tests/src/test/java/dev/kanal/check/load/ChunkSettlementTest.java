package dev.kanal.check.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kanal.check.server.Answer;
import dev.kanal.check.server.BatchAnswer;
import dev.kanal.check.server.BatchLine;
import dev.kanal.check.server.BatchLine.Accepted;
import dev.kanal.check.server.BatchLine.Refused;
import dev.kanal.check.server.BatchLine.Unreadable;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class ChunkSettlementTest {
  private static final List<Integer> CHUNK = List.of(10, 11, 12);

  /** What is expected of a row, by count where the text does not matter. */
  record Expected(
      List<Integer> accepted, int refusals, int faults, List<Integer> again, int mayExistTwice) {}

  static Stream<Arguments> rows() {
    return Stream.of(
        row("all accepted", whole(id(1), id(2), id(3)), of(CHUNK, 0, 0, List.of(), 0)),
        row(
            "one refused",
            whole(id(1), no(2, 422), id(3)),
            of(List.of(10, 12), 1, 0, List.of(), 0)),
        row("one shard away", whole(id(1), no(2, 503), id(3)), of(at(10, 12), 0, 0, at(11), 1)),
        row("queue full", whole(no(1, 429), id(2), no(3, 429)), of(at(11), 0, 0, at(10, 12), 0)),
        row("broken off", brokenOff(id(1)), of(at(10), 0, 0, at(11, 12), 2)),
        row("broken off before the first", brokenOff(), of(at(), 0, 0, CHUNK, 3)),
        row("ended early", whole(id(1), id(2)), of(at(10, 11), 0, 1, at(), 0)),
        row("out of order", whole(id(2), id(1), id(3)), of(at(11, 10, 12), 0, 2, at(), 0)),
        row("answered twice", whole(id(1), id(1), id(3)), of(at(10, 12), 0, 2, at(), 0)),
        row("more than asked", whole(id(1), id(2), id(3), id(4)), of(CHUNK, 0, 1, at(), 0)),
        row("not a line", whole(id(1), junk(), id(3)), of(at(10, 12), 0, 2, at(), 0)),
        row("refused connection", away(false), of(at(), 0, 0, CHUNK, 0)),
        row("lost connection", away(true), of(at(), 0, 0, CHUNK, 3)),
        row("wrong address", new BatchAnswer.Refused(404, "{}"), of(at(), 3, 0, at(), 0)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void shouldSettleEachLine(String what, BatchAnswer answer, Expected expected) {
    ChunkSettlement settled = ChunkSettlement.of(CHUNK, answer);

    assertEquals(
        expected,
        new Expected(
            settled.accepted().stream().map(AcceptedJob::index).toList(),
            settled.refusals().size(),
            settled.faults().size(),
            settled.again(),
            settled.mayExistTwice()),
        () -> what + ": " + settled);
    assertEquals(settled.again().isEmpty(), settled.away() == null, what);
  }

  private static Arguments row(String what, BatchAnswer answer, Expected expected) {
    return Arguments.of(what, answer, expected);
  }

  private static Expected of(
      List<Integer> accepted, int refusals, int faults, List<Integer> again, int mayExistTwice) {
    return new Expected(accepted, refusals, faults, again, mayExistTwice);
  }

  private static List<Integer> at(Integer... indexes) {
    return List.of(indexes);
  }

  private static BatchAnswer whole(BatchLine... lines) {
    return lines(null, lines);
  }

  private static BatchAnswer brokenOff(BatchLine... lines) {
    return lines("closed", lines);
  }

  private static BatchAnswer lines(@Nullable String brokenOff, BatchLine... lines) {
    return new BatchAnswer.Lines(List.of(lines), brokenOff);
  }

  private static BatchAnswer away(boolean mayHaveArrived) {
    return new BatchAnswer.Away(new Answer.Away("away", mayHaveArrived, null));
  }

  private static BatchLine id(int line) {
    return new Accepted(line, "id-" + line);
  }

  private static BatchLine no(int line, int status) {
    return new Refused(line, status, "urn:kanal:problem:x", "no");
  }

  private static BatchLine junk() {
    return new Unreadable("junk");
  }
}
