package dev.kanal.common.telemetry;

import dev.kanal.common.channel.Position;
import dev.kanal.common.job.JobId;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/**
 * A place on a job's way, with the time and the thread, for the JDK's flight recorder. Off unless a
 * recording enables {@value #NAME}, and costs nothing then. Of the jobs, one in {@value #SAMPLED}
 * is noted. Usable from any thread.
 */
@Name(Hop.NAME)
@Label("Hop")
@Category("Kanal")
@Description("A place on a job's way from its submit to its handler")
@Enabled(false)
@StackTrace(false)
@SuppressWarnings("UnusedVariable") // the flight recorder reads the fields
public final class Hop extends Event {
  public static final String NAME = "dev.kanal.Hop";

  /** A power of 2. */
  static final int SAMPLED = 8;

  private static final Hop ANY = new Hop(Place.SUBMITTED, "", -1, -1);

  @Label("Place")
  private final String place;

  @Label("Job")
  @Description("Empty where a record or a lane is at the place")
  private final String job;

  @Label("Shard")
  private final int shard;

  @Label("Offset")
  @Description("In the shard's log; -1 where it is not known")
  private final long offset;

  private Hop(Place place, String job, int shard, long offset) {
    this.place = place.name();
    this.job = job;
    this.shard = shard;
    this.offset = offset;
  }

  /** Where something is, in the order of a job's way. */
  public enum Place {
    /** A job has its id, and its submit is handed over to be sent. */
    SUBMITTED,
    /** A job's submit stands in the log at the offset. */
    LOGGED,
    /** A stream thread has the records of a shard up to the offset. */
    POLLED,
    /** The record at the offset is being decided about. */
    DECIDING,
    /** A job's task is handed over to be sent. */
    DISPATCHED,
    /** A job's task stands in its topic. */
    SENT,
    /** A lane asks for tasks. */
    ASKING,
    /** A lane has a job's task. */
    FETCHED,
    /** A job's handler runs. */
    STARTED,
    /** A stream thread begins to commit. */
    COMMITTING,
    /** A stream thread has committed. */
    COMMITTED
  }

  /** A job is there. */
  public static void note(Place place, JobId job) {
    if (isOn() && isSampled(job)) {
      new Hop(place, job.toString(), job.shard(), -1).commit();
    }
  }

  /** A job's record stands there. */
  public static void note(Place place, JobId job, Position position) {
    if (isOn() && isSampled(job)) {
      new Hop(place, job.toString(), position.partition(), position.offset()).commit();
    }
  }

  /** A shard is there. */
  public static void note(Place place, int shard, long offset) {
    if (isOn()) {
      new Hop(place, "", shard, offset).commit();
    }
  }

  /** The thread is there. */
  public static void note(Place place) {
    note(place, -1, -1);
  }

  private static boolean isSampled(JobId job) {
    return (job.lo() & (SAMPLED - 1)) == 0;
  }

  private static boolean isOn() {
    return ANY.isEnabled();
  }
}
