package dev.kanal.bench.inprocess;

import dev.kanal.bench.run.Column;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What is measured, by the name that JMH and the program in Go know it by. */
enum Loop {
  THREAD("ThreadLoops.startAndJoin", "virtual thread (Go: goroutine), start and wait for its end"),
  RENDEZVOUS_JOX("ChannelLoops.rendezvousJox", "rendezvous, Jox channel (Go: channel)"),
  RENDEZVOUS_SYNCHRONOUS("ChannelLoops.rendezvousSynchronous", "rendezvous, SynchronousQueue"),
  RENDEZVOUS_TRANSFER("ChannelLoops.rendezvousTransfer", "rendezvous, LinkedTransferQueue"),
  BUFFERED_JOX("ChannelLoops.bufferedJox", "buffer of 100, Jox channel (Go: channel)"),
  BUFFERED_ARRAY("ChannelLoops.bufferedArray", "buffer of 100, ArrayBlockingQueue"),
  UNBOUNDED_TRANSFER("ChannelLoops.unboundedTransfer", "no bound, LinkedTransferQueue"),
  SELECT_JOX("ChannelLoops.selectJox", "select over two of them, Jox (Go: select)"),
  MUTEX("LockLoops.mutex", "mutex, ReentrantLock (Go: Mutex)"),
  READ_WRITE("LockLoops.readWrite", "95 % reads, ReentrantReadWriteLock (Go: RWMutex)"),
  COUNTER_ATOMIC("LockLoops.counterAtomic", "counter, AtomicLong (Go: atomic)"),
  COUNTER_SHARDED("LockLoops.counterSharded", "counter, LongAdder (Go: sharded atomics)"),
  MAP_LOCKED("CollectionLoops.mapLocked", "map with 90 % gets, one lock"),
  MAP_SHARDED("CollectionLoops.mapSharded", "map with 90 % gets, ConcurrentHashMap (Go: sharded)"),
  STACK_LOCKED("CollectionLoops.stackLocked", "stack, push and pop, one lock"),
  STACK_FREE("CollectionLoops.stackFree", "stack, push and pop, lock-free");

  /** Not a loop. */
  static final Column PARKED = Column.cost("virtual thread (Go: goroutine), parked", "bytes");

  private final String method;
  private final Column column;

  Loop(String method, String column) {
    this.method = method;
    this.column = Column.cost(column, "ns/op");
  }

  String method() {
    return method;
  }

  Column column() {
    return column;
  }

  static List<Column> columns() {
    List<Column> all = new ArrayList<>(Arrays.stream(values()).map(Loop::column).toList());
    all.add(1, PARKED);
    return all;
  }
}
