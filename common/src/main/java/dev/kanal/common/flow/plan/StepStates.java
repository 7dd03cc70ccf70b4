package dev.kanal.common.flow.plan;

import dev.kanal.common.binary.UnreadableException;
import java.util.Arrays;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Where each step of a flow stands, a byte each: its state, what it will end as if that is settled
 * while members are out, and whether it has something to decide.
 */
public final class StepStates {
  private static final int STATE = 0b111;
  private static final int VERDICT_SHIFT = 3;
  private static final int DUE = 1 << 6;

  private final byte[] steps;

  private StepStates(byte[] steps) {
    this.steps = steps;
  }

  /** So many steps that wait. */
  static StepStates waiting(int count) {
    return new StepStates(new byte[count]);
  }

  /**
   * Reads what {@link #toBytes()} gave.
   *
   * @throws UnreadableException if a byte means nothing
   */
  public static StepStates fromBytes(byte[] bytes) {
    for (byte each : bytes) {
      int verdict = each >> VERDICT_SHIFT & STATE;
      if (each < 0 || (each & STATE) > StepState.EXPIRED.code() || verdict > STATE - 1) {
        throw new UnreadableException("Expected the state of a step, but found " + each);
      }
    }
    return new StepStates(bytes.clone());
  }

  public byte[] toBytes() {
    return steps.clone();
  }

  public int size() {
    return steps.length;
  }

  public StepState state(int step) {
    return StepState.of(steps[step] & STATE);
  }

  /** What a running step will end as when its members have ended; null if that is open. */
  public @Nullable StepState verdict(int step) {
    int code = steps[step] >> VERDICT_SHIFT & STATE;
    return code == 0 ? null : StepState.of(code);
  }

  /** Whether a step runs and may still make members. */
  public boolean isActive(int step) {
    return state(step) == StepState.RUNNING && verdict(step) == null;
  }

  /** Whether a step has something to decide. */
  public boolean isDue(int step) {
    return (steps[step] & DUE) != 0;
  }

  /** The first step from this one on that has something to decide. */
  public OptionalInt nextDue(int from) {
    for (int i = from; i < steps.length; i++) {
      if (isDue(i)) {
        return OptionalInt.of(i);
      }
    }
    return OptionalInt.empty();
  }

  /** A step has something to decide: its counters changed. */
  public StepStates withDue(int step) {
    Editor editor = edit();
    editor.due(step, true);
    return editor.done();
  }

  Editor edit() {
    return new Editor(steps.clone());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof StepStates that && Arrays.equals(steps, that.steps);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(steps);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < steps.length; i++) {
      StepState verdict = verdict(i);
      text.append(i == 0 ? "" : " ").append(state(i));
      text.append(verdict == null ? "" : ">" + verdict).append(isDue(i) ? "!" : "");
    }
    return text.toString();
  }

  /** States while a decision changes them; belongs to one call. */
  static final class Editor {
    private final byte[] steps;
    private final StepStates read;

    private Editor(byte[] steps) {
      this.steps = steps;
      this.read = new StepStates(steps);
    }

    StepStates read() {
      return read;
    }

    /** A new state, without verdict; a step that does not run has nothing to decide. */
    void state(int step, StepState state) {
      steps[step] = (byte) state.code();
    }

    void verdict(int step, StepState verdict) {
      int rest = steps[step] & ~(STATE << VERDICT_SHIFT);
      steps[step] = (byte) (rest | (verdict.code() << VERDICT_SHIFT));
    }

    void due(int step, boolean due) {
      steps[step] = (byte) (due ? steps[step] | DUE : steps[step] & ~DUE);
    }

    StepStates done() {
      return new StepStates(steps.clone());
    }
  }
}
