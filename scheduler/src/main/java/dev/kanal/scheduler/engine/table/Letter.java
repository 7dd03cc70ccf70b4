package dev.kanal.scheduler.engine.table;

import org.apache.kafka.common.utils.Bytes;

/** The first byte of a row's key: which table it is of. Never used for anything else. */
public enum Letter {
  /** Applied offset, now, lease grace. */
  META('m', Use.HOT),
  /** The jobs. */
  JOB('j', Use.SINGLE),
  /** A job's payload, written once. */
  PAYLOAD('p', Use.SINGLE),
  /** A job's result, written once. */
  RESULT('r', Use.SINGLE),
  /** How far a job's handler says it is. */
  REPORTED('g', Use.RANGE),
  /** One ended attempt of a job, written once. */
  ATTEMPT('a', Use.SINGLE),
  /** A job's attempt that was parked last. */
  PARKED('A', Use.SINGLE),
  /** The job that a repeated submit means. */
  SUBMITTED('i', Use.SINGLE),
  /** A timer of a job, a queue or a schedule. */
  TIMER('t', Use.RANGE),
  /** A queued job, in dispatch order. */
  QUEUED('q', Use.RANGE),
  /** A job blocked by its queue, in the order of blocking. */
  BLOCKED('b', Use.RANGE),
  /** A job blocked by its key, in submit order. */
  LINE('l', Use.RANGE),
  /** A key: places taken and how many there are, and its line. */
  KEY('o', Use.SINGLE),
  /** A job whose run may still be out, though its state differs. */
  LINGERING('n', Use.RANGE),
  /** A lease of a worker. */
  LEASE('e', Use.RANGE),
  /** A ready topic. */
  READY('u', Use.HOT),
  /** A topic made anew whose tasks are still to be sent again. */
  LANE_WALK('k', Use.RANGE),
  /** A queue whose blocked jobs are still to be looked at. */
  QUEUE_WALK('d', Use.RANGE),
  /** A key whose waiting jobs are still to be admitted. */
  KEY_WALK('y', Use.RANGE),
  /** A queue's settings. */
  SETTINGS('s', Use.HOT),
  /** A queue's token bucket. */
  TOKENS('T', Use.HOT),
  /** A queue's counts. */
  COUNTS('c', Use.HOT),
  /** A worker's last sign of life. */
  WORKER('w', Use.SINGLE),
  /** A job by its state, for the states that have this index. */
  FILED('f', Use.RANGE),
  /** A bulk action: its part in this shard. */
  BULK('B', Use.RANGE),
  /** A bulk action that is not done here. */
  BULK_WALK('v', Use.RANGE),
  /**
   * {@code r}: the rules of the shard; {@code t}: the walk that was served last, if not all were.
   */
  SHARD('U', Use.SINGLE),
  /** An entry for another shard that is not acknowledged. */
  OUTBOX('x', Use.RANGE),
  /** The last sequence used for another shard. */
  RELAYED('z', Use.RANGE),
  /** The last sequence seen of another shard. */
  SEEN('Z', Use.RANGE),
  /** A schedule. */
  SCHEDULE('S', Use.RANGE),
  /** How far a schedule is, its newest runs and skipped ticks. */
  SCHEDULE_PROGRESS('H', Use.RANGE),
  /** What is known of a job's log. */
  LOG('L', Use.RANGE),
  /** A chunk of a job's log. */
  LOG_CHUNK('M', Use.RANGE),
  /** How many children a job has. */
  CHILDREN('J', Use.RANGE),
  /** A child of a job. */
  CHILD('K', Use.RANGE),
  /** A job whose children are to be cancelled, or forgotten. */
  CHILD_WALK('W', Use.RANGE),
  /** The jobs that are dead of a failure. */
  FAILURE('F', Use.RANGE),
  /** Types that a queue's workers run. */
  TYPES('N', Use.HOT_RANGE),
  /** Jobs that wait for a worker of a type are to be sent. */
  TYPE_WALK('V', Use.RANGE),
  /** A job that waits for a worker of its type, in the order of blocking. */
  UNTYPED('X', Use.RANGE);

  private static final boolean[] HOT = new boolean[128];
  private static final boolean[] ORDERED = new boolean[128];

  static {
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

  /** Whether a row is read again and again: what holds for a whole queue or shard. */
  public static boolean isHot(Bytes key) {
    return HOT[key.get()[0]];
  }

  /** Whether a shard reads ranges of such keys as it works; others it reads one by one. */
  public static boolean isOrdered(Bytes key) {
    return ORDERED[key.get()[0]];
  }
}
