package dev.kanal.scheduler.engine.job;

import dev.kanal.common.binary.BinaryReader;
import dev.kanal.common.binary.BinaryWriter;
import dev.kanal.common.job.Priority;
import dev.kanal.common.log.LogEntry.TypesHandled;
import dev.kanal.scheduler.engine.job.Transitions.Change;
import dev.kanal.scheduler.engine.row.JobRow;
import dev.kanal.scheduler.engine.row.Keys;
import dev.kanal.scheduler.engine.row.Lane;
import dev.kanal.scheduler.engine.row.RowCodec;
import dev.kanal.scheduler.engine.row.Rows;
import dev.kanal.scheduler.engine.row.TypeKeys;
import dev.kanal.scheduler.engine.step.Effect;
import dev.kanal.scheduler.engine.step.Step;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * The types that the live workers of a queue run, and the jobs that wait for a worker of theirs.
 * These hold no permit and no token, and hold up nobody but those of their own key.
 */
public final class TypeDecisions {
  private final Gates gates;

  public TypeDecisions(Gates gates) {
    this.gates = gates;
  }

  /** Whether a task of this job can be sent: somebody runs its type, or nobody knows. */
  static boolean isHandled(Step step, JobRow row) {
    String queue = row.spec().queue();
    return step.get(TypeKeys.known(queue)) == null
        || step.get(TypeKeys.handled(queue, row.spec().type())) != null;
  }

  /** Whether the shard was told of workers' types before: it is decided by these from then on. */
  static boolean isTold(Step step) {
    return step.get(TypeKeys.rules()) != null;
  }

  public void told(Step step, TypesHandled told) {
    String queue = told.queue();
    if (!isTold(step)) {
      step.mark(TypeKeys.rules());
      step.add(new Effect.TypesKnown(queue, null));
    }
    List<String> before = types(step.get(TypeKeys.known(queue)));
    List<String> now = told.types();
    if (Objects.equals(before, now)) {
      return;
    }
    if (now == null) {
      forget(step, queue);
      return;
    }
    step.add(new Effect.TypesKnown(queue, now));
    step.put(TypeKeys.known(queue), encode(now));
    Set<String> gone = new HashSet<>(before == null ? List.of() : before);
    for (String type : now) {
      if (!gone.remove(type)) {
        step.mark(TypeKeys.handled(queue, type));
        free(step, queue, type);
      }
    }
    gone.forEach(type -> step.delete(TypeKeys.handled(queue, type)));
    for (Priority priority : Priority.values()) {
      step.delete(TypeKeys.walk(new Lane(queue, priority), ""));
    }
  }

  /** Nothing is known of the queue's workers any more: no job waits for one of its type. */
  static void forget(Step step, String queue) {
    List<String> before = types(step.get(TypeKeys.known(queue)));
    if (before == null) {
      return;
    }
    step.add(new Effect.TypesKnown(queue, null));
    step.delete(TypeKeys.known(queue));
    before.forEach(type -> step.delete(TypeKeys.handled(queue, type)));
    for (Priority priority : Priority.values()) {
      Lane lane = new Lane(queue, priority);
      free(step, lane, TypeKeys.walk(lane, ""), TypeKeys.blockedFrom(lane, null));
    }
  }

  private static void free(Step step, String queue, String type) {
    for (Priority priority : Priority.values()) {
      Lane lane = new Lane(queue, priority);
      free(step, lane, TypeKeys.walk(lane, type), TypeKeys.blockedFrom(lane, type));
    }
  }

  /** Leaves those that wait to the ticks, if there are any. */
  private static void free(Step step, Lane lane, Bytes walk, Bytes from) {
    if (!step.first(from, end(lane, TypeKeys.walkType(walk)), 1).isEmpty()) {
      step.put(walk, encode(from));
      step.add(new Effect.Continue());
    }
  }

  /**
   * Lets the first of those go that wait for a worker of this type, from where the walk has come. A
   * walk without any left, or whose type is gone again, is over.
   */
  public void walk(Step step, Lane lane, String type) {
    Bytes walk = TypeKeys.walk(lane, type);
    byte[] from = step.get(walk);
    boolean gone =
        !type.isEmpty()
            && step.get(TypeKeys.known(lane.queue())) != null
            && step.get(TypeKeys.handled(lane.queue(), type)) == null;
    List<Bytes> first =
        from == null || gone ? List.of() : step.first(decodeKey(from), end(lane, type), 1);
    if (first.isEmpty()) {
      step.delete(walk);
      return;
    }
    step.put(walk, encode(first.getFirst()));
    JobRow row = Objects.requireNonNull(step.job(Keys.indexedJob(first.getFirst())), "job");
    gates.send(step, Change.of(row));
  }

  private static Bytes end(Lane lane, String type) {
    if (type.isEmpty()) {
      Bytes all = TypeKeys.blockedFrom(lane, null);
      return Keys.after(all);
    }
    return Keys.after(TypeKeys.blockedFrom(lane, type));
  }

  /**
   * All that a shard knows when it comes to a node.
   *
   * @param types takes a queue and its types, null if they are not known
   * @param readyQueues takes each queue with a topic
   */
  public static void readKnown(
      Rows rows, BiConsumer<String, @Nullable List<String>> types, Consumer<String> readyQueues) {
    Bytes from = TypeKeys.rules();
    rows.scan(
        from,
        Keys.endOf(from),
        (key, value) -> {
          types.accept(Keys.text(key), TypeKeys.isKnown(key) ? types(value) : null);
          return true;
        });
    Bytes ready = Bytes.wrap(new byte[] {'u'});
    rows.scan(
        ready,
        Keys.endOf(ready),
        (key, _) -> {
          readyQueues.accept(Keys.walkLane(key).queue());
          return true;
        });
  }

  private static @Nullable List<String> types(byte @Nullable [] row) {
    if (row == null) {
      return null;
    }
    BinaryReader in = RowCodec.open(row);
    int count = in.getInt();
    String[] types = new String[count];
    for (int i = 0; i < count; i++) {
      types[i] = in.getString();
    }
    return List.of(types);
  }

  private static byte[] encode(List<String> types) {
    BinaryWriter out = new BinaryWriter(256).putByte(RowCodec.VERSION).putInt(types.size());
    types.forEach(out::putString);
    return out.toBytes();
  }

  private static byte[] encode(Bytes key) {
    return new BinaryWriter(256).putByte(RowCodec.VERSION).putBytes(key.get()).toBytes();
  }

  private static Bytes decodeKey(byte[] row) {
    return Bytes.wrap(RowCodec.open(row).getBytes());
  }
}
