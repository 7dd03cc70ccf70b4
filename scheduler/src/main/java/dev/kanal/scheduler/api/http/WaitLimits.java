package dev.kanal.scheduler.api.http;

import java.time.Duration;

/** The calls that wait for something of jobs, which are bounded in number and in time. */
public final class WaitLimits {
  /** The longest a call waits. */
  public static final Duration LONGEST = Duration.ofSeconds(60);

  /** How many calls wait at most at the same time; those of one client alone get half of it. */
  public static final int MOST = 20_000;

  private WaitLimits() {}
}
