package dev.kanal.common.flow.plan;

/**
 * What a timer of a flow is for. There is one at most of each.
 *
 * @param step the flow itself if -1
 * @param branch of a race; else 0
 */
public record FlowTimer(int step, int branch) {
  /** The flow's deadline, and later the end of its grace. */
  public static final FlowTimer OF_FLOW = new FlowTimer(-1, 0);
}
