package dev.kanal.scheduler.engine.table;

import java.util.Arrays;
import org.apache.kafka.common.utils.Bytes;

/** The first byte of a row's key: which table it is of. One that is gone is not used again. */
public enum Letter {
  META('m', Use.HOT), // applied offset, now, lease grace
  JOB('j', Use.SINGLE), // the jobs
  PAYLOAD('p', Use.SINGLE), // a job's payload, written once
  RESULT('r', Use.SINGLE), // a job's result, written once
  REPORTED('g', Use.RANGE), // how far a job's handler says it is
  ATTEMPT('a', Use.SINGLE), // one ended attempt of a job, written once
  PARKED('A', Use.SINGLE), // a job's attempt that was parked last
  SUBMITTED('i', Use.SINGLE), // the job that a repeated submit means
  TIMER('t', Use.RANGE), // a timer of a job, a queue or a schedule
  QUEUED('q', Use.RANGE), // a queued job, in dispatch order
  BLOCKED('b', Use.RANGE), // a job blocked by its queue, in the order of blocking
  LINE('l', Use.RANGE), // a job blocked by its key, in submit order
  KEY('o', Use.SINGLE), // a key: places taken and how many there are, and its line
  LINGERING('n', Use.RANGE), // a job whose run may still be out, though its state differs
  LEASE('e', Use.RANGE), // a lease of a worker
  READY('u', Use.HOT), // a ready topic
  CHANNEL_WALK('k', Use.RANGE), // a topic made again whose tasks are still to be sent again
  QUEUE_WALK('d', Use.RANGE), // a queue whose blocked jobs are still to be looked at
  KEY_WALK('y', Use.RANGE), // a key whose waiting jobs are still to be admitted
  SETTINGS('s', Use.HOT), // a queue's settings
  TOKENS('T', Use.HOT), // a queue's token bucket
  COUNTS('c', Use.HOT), // a queue's counts
  WORKER('w', Use.SINGLE), // a worker's last sign of life
  FILED('f', Use.RANGE), // a job by its state, for the states that have this index
  BULK('B', Use.RANGE), // a bulk action: its part in this shard
  BULK_WALK('v', Use.RANGE), // a bulk action that is not done here
  SHARD('U', Use.SINGLE), // r: its rules; t: the last walk served, if not all; n, o: numbers
  OUTBOX('x', Use.RANGE), // an entry for another shard that is not acknowledged
  RELAYED('z', Use.RANGE), // the last sequence used for another shard
  SEEN('Z', Use.RANGE), // the last sequence seen of another shard
  SCHEDULE('S', Use.RANGE), // a schedule
  SCHEDULE_PROGRESS('H', Use.RANGE), // how far a schedule is, its newest runs and skipped ticks
  LOG('L', Use.RANGE), // what is known of a job's log
  LOG_CHUNK('M', Use.RANGE), // a chunk of a job's log
  CHILDREN('J', Use.RANGE), // how many children a job has
  CHILD('K', Use.RANGE), // a child of a job
  CHILD_WALK('W', Use.RANGE), // a job whose children are to be cancelled, or forgotten
  FAILURE('F', Use.RANGE), // the jobs that are dead of a failure
  TYPES('N', Use.HOT_RANGE), // types that a queue's workers run
  TYPE_WALK('V', Use.RANGE), // jobs that wait for a worker of a type are to be sent
  BLOCKED_BY_TYPE('X', Use.RANGE), // a job that waits for a worker of its type, likewise
  END('1', Use.RANGE), // the end of a job of which its owner has not been told
  NOTICE('O', Use.RANGE), // an owner that is to be told of ends
  GATHERED('2', Use.SINGLE), // ends of an owner that are told together, and when
  FLOW_SPEC('D', Use.SINGLE), // the definition of a flow, written once
  FLOW('G', Use.SINGLE), // where a flow stands
  FLOW_STEP('Q', Use.SINGLE), // a step of a flow: its counters and its timers
  MEMBERS('C', Use.RANGE), // what became of 512 members of a step, two bits each
  ITEMS('I', Use.RANGE), // items of a step of which no members have been made
  STEP_RESULT('R', Use.RANGE), // a result that a later step uses, written once
  FLOW_EVENT('E', Use.RANGE), // an event that came to a flow
  FLOW_TURN('Y', Use.RANGE), // a flow that has something to decide, in the order of coming
  TEMPLATE('3', Use.SINGLE), // how members of a step are made in this shard
  PARCEL('P', Use.RANGE), // a member that is to be made, cancelled or forgotten in this shard
  CHAIN('h', Use.SINGLE); // a member that this shard leads through the stages of its chain

  private static final boolean[] HOT = new boolean[128];
  private static final boolean[] ORDERED = new boolean[128];

  static {
    Arrays.fill(ORDERED, true);
    for (Letter each : values()) {
      HOT[each.code] = each.use == Use.HOT || each.use == Use.HOT_RANGE;
      ORDERED[each.code] = each.use == Use.RANGE || each.use == Use.HOT_RANGE;
    }
  }

  private final byte code;
  private final Use use;

  Letter(char code, Use use) {
    this.code = (byte) code;
    this.use = use;
  }

  /** How a shard reads rows as it works: hot ones again and again, ranges in their order. */
  private enum Use {
    HOT,
    HOT_RANGE,
    SINGLE,
    RANGE
  }

  public byte code() {
    return code;
  }

  public boolean isOf(Bytes key) {
    return key.get()[0] == code;
  }

  /** A key of the letter and some text; without one, that before all of its rows. */
  public Bytes with(String text) {
    return KeyCodec.TEXT.write(this, text);
  }

  /** The keys of all of its rows. */
  public Range<Bytes> keys() {
    Bytes from = with("");
    return new Range<>(from, Range.behind(from), key -> key);
  }

  /** Whether rows of it are what flows have left to the ticks. */
  public static boolean isOfFlows(Bytes key) {
    byte code = key.get()[0];
    return code == NOTICE.code || code == FLOW_TURN.code || code == PARCEL.code;
  }

  /** Whether a row is read again and again: what holds for a whole queue or shard. */
  public static boolean isHot(Bytes key) {
    return HOT[key.get()[0]];
  }

  /** Whether a shard reads ranges of such keys as it works; others it reads one by one. */
  public static boolean isOrdered(Bytes key) {
    return ORDERED[key.get()[0]];
  }
}
