package dev.kanal.common.flow;

import java.util.List;

/**
 * One step of a flow.
 *
 * @param name matches {@link FlowSpec#NAME}
 * @param needs names of the steps that must have ended before; {@link #ALL} may be among them
 * @param when what must have become of them
 * @param optional whether it counts as succeeded, with the result {@code null}, when it failed
 * @param kind what it does
 */
public record StepSpec(
    String name, List<String> needs, When when, boolean optional, StepKind kind) {
  /**
   * Needs every step that does not itself wait for all, directly or through others; and none that
   * is there for failures, if the step runs only on success.
   */
  public static final String ALL = "*";

  /** Most names in {@code needs}, {@link #ALL} aside. */
  public static final int NEEDS_MAX = 32;

  /** On what condition a step runs. */
  public enum When {
    /** All its needs succeeded, and the flow is not ending. */
    SUCCEEDED(0, "succeeded"),
    /** All its needs ended, whatever became of them; also while the flow is ending. */
    ENDED(1, "ended"),
    /**
     * The flow will not succeed, and nothing of the work that runs only on success is left. Its
     * needs on such work must have succeeded; its needs on other steps give the order alone.
     */
    FAILED(2, "failed");

    private final int code;
    private final String text;

    When(int code, String text) {
      this.code = code;
      this.text = text;
    }

    /** The number in rows, which never changes; readers take it as the place in this list. */
    public int code() {
      return code;
    }

    /** As the API writes it. */
    public String text() {
      return text;
    }
  }

  public StepSpec {
    Bounds.checkName("the name of a step", name);
    Bounds.check(
        "the number of needs",
        needs.stream().filter(each -> !each.equals(ALL)).count(),
        0,
        NEEDS_MAX);
    needs = List.copyOf(needs);
  }

  /** A step with every default of the API. */
  public static StepSpec of(String name, StepKind kind) {
    return new StepSpec(name, List.of(), When.SUCCEEDED, false, kind);
  }

  public StepSpec withNeeds(List<String> other) {
    return new StepSpec(name, other, when, optional, kind);
  }

  public StepSpec withWhen(When other) {
    return new StepSpec(name, needs, other, optional, kind);
  }

  public StepSpec withOptional(boolean other) {
    return new StepSpec(name, needs, when, other, kind);
  }

  /** Whether it is there for the flow's end: it runs while the flow is ending, too. */
  public boolean isForEnd() {
    return when != When.SUCCEEDED;
  }
}
