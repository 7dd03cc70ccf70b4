package dev.kanal.common.flow.plan;

/**
 * Where a step of a flow stands.
 *
 * <pre>
 * WAITING ──▶ RUNNING ──▶ SUCCEEDED · FAILED · CANCELLED · EXPIRED     (final ones ──▶ WAITING
 *    └──────────────────▶ SKIPPED                                          by retry of the flow)
 * </pre>
 *
 * A step is {@code RUNNING} until its last member has ended, even if it is settled before what will
 * become of it: then no more members are made, and those that are out are cancelled.
 */
public enum StepState {
  /** Its needs have not all ended. */
  WAITING(0),
  /** It makes members, or waits for them. */
  RUNNING(1),
  /** Final: what it does is done. */
  SUCCEEDED(2),
  /** Final: its job failed, or more members than it tolerates, or its input could not be made. */
  FAILED(3),
  /** Final: it never ran, since its needs did not come true or the flow was ending. */
  SKIPPED(4),
  /** Final: it ran when the flow was cancelled, or when another step failed. */
  CANCELLED(5),
  /** Final: its time was up, or that of the flow. */
  EXPIRED(6);

  private static final StepState[] BY_CODE = values();

  private final int code;

  StepState(int code) {
    this.code = code;
  }

  /** The number in rows, which never changes. */
  public int code() {
    return code;
  }

  /**
   * The state of this number.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static StepState of(int code) {
    if (code < 0 || code >= BY_CODE.length) {
      throw new IllegalArgumentException("Expected the number of a step's state, but got " + code);
    }
    return BY_CODE[code];
  }

  public boolean isFinal() {
    return this != WAITING && this != RUNNING;
  }

  /** Whether it ended by a failure of its own. */
  public boolean isFailure() {
    return this == FAILED || this == EXPIRED;
  }
}
