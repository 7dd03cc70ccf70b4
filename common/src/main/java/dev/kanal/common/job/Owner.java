package dev.kanal.common.job;

/**
 * Who is told, once, when a job ends: the step of a flow that made the job.
 *
 * @param id of the flow
 * @param step its name; 1 to {@link #STEP_MAX} characters, without U+0000
 * @param index the member's number in its step, from 0 to less than {@link #INDICES}
 * @param stage of a chain, from 0 to less than {@link #STAGES}; 0 without one
 * @param round of the flow, from 1; a retry of the flow raises it
 * @param wants whether the result is needed where the end is heard
 * @param at the shard where the end is heard
 */
public record Owner(JobId id, String step, int index, int stage, int round, boolean wants, int at) {
  /** Longest name of a step, in characters. */
  public static final int STEP_MAX = 100;

  /** Most members of a step. */
  public static final int INDICES = 10_000_000;

  /** Most stages of a chain. */
  public static final int STAGES = 20;

  public Owner {
    Texts.check("the step of an owner", step, STEP_MAX);
    check("the index of an owner", index, 0, INDICES - 1);
    check("the stage of an owner", stage, 0, STAGES - 1);
    check("the round of an owner", round, 1, Integer.MAX_VALUE);
    check("the shard of an owner", at, 0, JobId.MAX_SHARDS - 1);
  }

  private static void check(String name, int value, int min, int max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          "Expected " + name + " from " + min + " to " + max + ", but got " + value);
    }
  }
}
