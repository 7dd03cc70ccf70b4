package dev.kanal.check.load;

import dev.kanal.check.server.Answer;
import dev.kanal.check.server.BatchAnswer;
import dev.kanal.check.server.BatchLine;
import dev.kanal.check.server.KanalClient;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the answer to one batch upload means for each of its lines.
 *
 * @param accepted lines with an id
 * @param refusals lines that the server refuses, one text each
 * @param faults breaches of "one answer per line, in order", one text each
 * @param again lines to send once more
 * @param mayExistTwice how many of those may have been accepted without our knowing
 * @param away why lines are to be sent again; null if none are
 */
public record ChunkSettlement(
    List<AcceptedJob> accepted,
    List<String> refusals,
    List<String> faults,
    List<Integer> again,
    int mayExistTwice,
    Answer.@Nullable Away away) {
  private static final int TOO_MANY = 429;

  public ChunkSettlement {
    accepted = List.copyOf(accepted);
    refusals = List.copyOf(refusals);
    faults = List.copyOf(faults);
    again = List.copyOf(again);
  }

  /**
   * @param chunk the numbers of the jobs, in the order of the request's lines
   */
  public static ChunkSettlement of(List<Integer> chunk, BatchAnswer answer) {
    return switch (answer) {
      case BatchAnswer.Lines lines -> new Builder(chunk).settle(lines);
      case BatchAnswer.Away(Answer.Away away) ->
          new ChunkSettlement(
              List.of(),
              List.of(),
              List.of(),
              chunk,
              away.mayHaveArrived() ? chunk.size() : 0,
              away);
      case BatchAnswer.Refused(int status, String body) ->
          new ChunkSettlement(
              List.of(),
              chunk.stream()
                  .map(index -> "job %d: status %d: %s".formatted(index, status, body))
                  .toList(),
              List.of(),
              List.of(),
              0,
              null);
    };
  }

  private static final class Builder {
    private final List<Integer> chunk;
    private final BitSet answered = new BitSet();
    private final List<AcceptedJob> accepted = new ArrayList<>();
    private final List<String> refusals = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private final List<Integer> again = new ArrayList<>();
    private int mayExistTwice;
    private Answer.@Nullable Away away;

    Builder(List<Integer> chunk) {
      this.chunk = chunk;
    }

    ChunkSettlement settle(BatchAnswer.Lines answer) {
      for (int i = 0; i < answer.lines().size(); i++) {
        take(i + 1, answer.lines().get(i));
      }
      settleUnanswered(answer.brokenOff());
      return new ChunkSettlement(accepted, refusals, faults, again, mayExistTwice, away);
    }

    private void take(int expected, BatchLine line) {
      switch (line) {
        case BatchLine.Unreadable(String text) ->
            faults.add("Expected answer line %d, but got '%s'".formatted(expected, text));
        case BatchLine.Accepted(long number, String id) -> {
          if (isAnswerTo(number, expected)) {
            accepted.add(new AcceptedJob(index(number), id));
          }
        }
        case BatchLine.Refused refused -> {
          if (isAnswerTo(refused.line(), expected)) {
            refuse(refused);
          }
        }
      }
    }

    /** An answer out of order is a fault, and still counts for the line that it names. */
    private boolean isAnswerTo(long number, int expected) {
      if (number != expected) {
        faults.add("Expected answer line %d, but it says line %d".formatted(expected, number));
      }
      if (number > chunk.size()) {
        faults.add(
            "Expected %d answer lines, but there is line %d".formatted(chunk.size(), number));
        return false;
      }
      if (answered.get((int) number)) {
        return false;
      }
      answered.set((int) number);
      return true;
    }

    private void refuse(BatchLine.Refused refused) {
      String text =
          "job %d: status %d %s %s"
              .formatted(index(refused.line()), refused.status(), refused.type(), refused.detail());
      if (KanalClient.isComeBack(refused.status())) {
        sendAgain(index(refused.line()), new Answer.Away(text, refused.status() != TOO_MANY, null));
      } else {
        refusals.add(text);
      }
    }

    private void settleUnanswered(@Nullable String brokenOff) {
      for (int number = answered.nextClearBit(1);
          number <= chunk.size();
          number = answered.nextClearBit(number + 1)) {
        if (brokenOff != null) {
          sendAgain(index(number), new Answer.Away(brokenOff, true, null));
        } else {
          faults.add("Expected an answer to line %d, but there is none".formatted(number));
        }
      }
    }

    private void sendAgain(int index, Answer.Away why) {
      again.add(index);
      if (why.mayHaveArrived()) {
        mayExistTwice++;
      }
      away = why;
    }

    private int index(long number) {
      return chunk.get((int) number - 1);
    }
  }
}
