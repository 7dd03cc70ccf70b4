package dev.kanal.common.flow.plan;

/** When a step makes more members, and how many: in parcels, so that a member costs little. */
public final class Window {
  /** Most members that are begun in one turn. */
  public static final int LAUNCH_MAX = 500;

  /**
   * A window above this is refilled when an eighth of it is free, or as much of it as one turn
   * begins; else when a quarter is.
   */
  static final int WIDE = 1_000;

  private Window() {}

  /**
   * How many members to begin now: none while less of the window is free than is worth a turn,
   * unless none is out or all the rest fits.
   *
   * @param atOnce the window
   */
  public static int refill(int atOnce, StepCounts counts) {
    int free = atOnce - counts.out();
    int rest = counts.width() - counts.launched();
    if (free <= 0 || rest == 0) {
      return 0;
    }
    boolean worthIt = counts.out() == 0 || free >= parcel(atOnce) || rest <= free;
    return worthIt ? Math.min(Math.min(free, rest), LAUNCH_MAX) : 0;
  }

  private static int parcel(int atOnce) {
    return atOnce > WIDE ? Math.min(atOnce / 8, LAUNCH_MAX) : Math.max(1, atOnce / 4);
  }
}
