package dev.kanal.common.flow.plan;

/**
 * Where a flow stands.
 *
 * <pre>
 * RUNNING ──▶ ENDING ──▶ SUCCEEDED · FAILED · CANCELLED · EXPIRED     (final ones ──▶ RUNNING
 *                                                                        by retry)
 * </pre>
 *
 * In a final state no member of the flow is unfinished.
 */
public enum FlowState {
  /** Steps start as their needs end. */
  RUNNING(0),
  /**
   * The work that runs only on success is done, or is being stopped: only steps that are there for
   * the flow's end still start.
   */
  ENDING(1),
  /** Final: no step failed that had to succeed. */
  SUCCEEDED(2),
  /** Final: a step failed that is not optional. */
  FAILED(3),
  /** Final: a user cancelled it before all was done. */
  CANCELLED(4),
  /** Final: its deadline passed before all was done. */
  EXPIRED(5);

  private final int code;

  FlowState(int code) {
    this.code = code;
  }

  /** The number in rows, which never changes; readers take it as the place in this list. */
  public int code() {
    return code;
  }

  public boolean isFinal() {
    return this != RUNNING && this != ENDING;
  }
}
