package dev.kanal.common.flow.plan;

import java.util.Locale;

/** Why a flow or a step ended other than by success, or is about to. */
public enum FlowReason {
  /** A step of the flow failed that is not optional. */
  STEP_FAILED(0),
  /** A user cancelled the flow. */
  FLOW_CANCELLED(1),
  /** The flow's deadline passed. */
  DEADLINE(2),
  /** The step's job failed, or more of its members than it tolerates. */
  MEMBERS_FAILED(3),
  /** A value that the step's input refers to is not there. */
  INPUT_MISSING(4),
  /** The step's input is larger than a payload may be. */
  INPUT_TOO_LARGE(5),
  /** What the step is to go over is no array. */
  INPUT_NO_ARRAY(6),
  /** Nothing was added to the step for too long, and nobody closed it. */
  STREAM_IDLE(7),
  /** The event did not come in time. */
  EVENT_TIMEOUT(8),
  /** The results of the members together are larger than a result may be. */
  COLLECT_TOO_LARGE(9),
  /** The flow has made more bytes than it may. */
  FLOW_TOO_LARGE(10),
  /** The engine could not decide about it. */
  ENGINE_ERROR(11);

  private final int code;
  private final String text = name().toLowerCase(Locale.ROOT).replace('_', '-');

  FlowReason(int code) {
    this.code = code;
  }

  /** The number in rows, which never changes; readers take it as the place in this list. */
  public int code() {
    return code;
  }

  /** The form of the API, such as {@code input-missing}. */
  public String text() {
    return text;
  }
}
