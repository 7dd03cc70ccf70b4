package dev.kanal.bench.bare;

import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * A command becomes a state and a task; an event, which is shorter than any command, ends the state
 * of its command. Belongs to a thread of Streams.
 */
final class BareProcessor implements Processor<byte[], byte[], byte[], byte[]> {
  static final String STORE = "bare-states";
  static final int EVENT_BYTES = 8;
  private static final byte DONE = 2;

  private final LongAdder done;

  @SuppressWarnings("NullAway.Init")
  private ProcessorContext<byte[], byte[]> context;

  @SuppressWarnings("NullAway.Init")
  private KeyValueStore<byte[], byte[]> states;

  /**
   * @param done counts the jobs that have ended
   */
  BareProcessor(LongAdder done) {
    this.done = done;
  }

  @Override
  public void init(ProcessorContext<byte[], byte[]> given) {
    context = given;
    states = given.getStateStore(STORE);
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    if (record.value().length > EVENT_BYTES) {
      states.put(record.key(), record.value());
      context.forward(record);
      return;
    }
    byte[] state = states.get(record.key());
    if (state != null && state[0] != DONE) {
      byte[] ended = state.clone();
      ended[0] = DONE;
      states.put(record.key(), ended);
      done.increment();
    }
  }
}
