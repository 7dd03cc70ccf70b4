package dev.kanal.scheduler.engine.job;

import static dev.kanal.scheduler.engine.row.Tables.BLOCKED_BY_TYPE;
import static dev.kanal.scheduler.engine.row.Tables.HANDLED;
import static dev.kanal.scheduler.engine.row.Tables.READY;
import static dev.kanal.scheduler.engine.row.Tables.TYPES_OF;
import static dev.kanal.scheduler.engine.row.Tables.TYPES_TOLD;
import static dev.kanal.scheduler.engine.row.Tables.TYPE_WALKS;

import dev.kanal.common.channel.Channel;
import dev.kanal.common.job.Priority;
import dev.kanal.common.log.LogEntry.TypesHandled;
import dev.kanal.scheduler.engine.job.Transitions.Change;
import dev.kanal.scheduler.engine.row.JobRow;
import dev.kanal.scheduler.engine.row.Tables.ChannelType;
import dev.kanal.scheduler.engine.step.Effect;
import dev.kanal.scheduler.engine.step.Step;
import dev.kanal.scheduler.engine.table.Index;
import dev.kanal.scheduler.engine.table.KeyCodec.Pair;
import dev.kanal.scheduler.engine.table.Range;
import dev.kanal.scheduler.engine.table.Rows;
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
    return !step.has(TYPES_OF, queue) || step.has(HANDLED, new Pair(queue, row.spec().type()));
  }

  /** Whether the shard has learned of workers' types: from then on they decide. */
  static boolean knowsTypes(Step step) {
    return step.has(TYPES_TOLD, "");
  }

  public void changed(Step step, TypesHandled handled) {
    String queue = handled.queue();
    if (!knowsTypes(step)) {
      step.mark(TYPES_TOLD, "");
      step.add(new Effect.TypesKnown(queue, null));
    }
    List<String> before = step.get(TYPES_OF, queue);
    List<String> now = handled.types();
    if (Objects.equals(before, now)) {
      return;
    }
    if (now == null) {
      forget(step, queue);
      return;
    }
    step.add(new Effect.TypesKnown(queue, now));
    step.put(TYPES_OF, queue, now);
    Set<String> gone = new HashSet<>(before == null ? List.of() : before);
    for (String type : now) {
      if (!gone.remove(type)) {
        step.mark(HANDLED, new Pair(queue, type));
        free(step, queue, type);
      }
    }
    gone.forEach(type -> step.delete(HANDLED, new Pair(queue, type)));
    for (Priority priority : Priority.values()) {
      step.delete(TYPE_WALKS, new ChannelType(new Channel(queue, priority), ""));
    }
  }

  /** Nothing is known of the queue's workers any more: no job waits for one of its type. */
  static void forget(Step step, String queue) {
    List<String> before = step.get(TYPES_OF, queue);
    if (before == null) {
      return;
    }
    step.add(new Effect.TypesKnown(queue, null));
    step.delete(TYPES_OF, queue);
    before.forEach(type -> step.delete(HANDLED, new Pair(queue, type)));
    free(step, queue, "");
  }

  /** Leaves those that wait to the ticks, if there are any; without a type, those of all types. */
  private static void free(Step step, String queue, String type) {
    for (Priority priority : Priority.values()) {
      ChannelType walk = new ChannelType(new Channel(queue, priority), type);
      Range<Bytes> all = BLOCKED_BY_TYPE.all(walk).keys();
      if (step.first(all) != null) {
        step.put(TYPE_WALKS, walk, all.from());
        step.add(new Effect.Continue());
      }
    }
  }

  /**
   * Lets the first of those go that wait for a worker of this type, from where the walk has come. A
   * walk without any left, or whose type is gone again, is over.
   */
  public void walk(Step step, ChannelType walk) {
    String queue = walk.channel().queue();
    Bytes from = step.get(TYPE_WALKS, walk);
    boolean gone =
        !walk.type().isEmpty()
            && step.has(TYPES_OF, queue)
            && !step.has(HANDLED, new Pair(queue, walk.type()));
    Bytes first =
        from == null || gone ? null : step.first(BLOCKED_BY_TYPE.all(walk).keys().since(from));
    if (first == null) {
      step.delete(TYPE_WALKS, walk);
      return;
    }
    step.put(TYPE_WALKS, walk, first);
    JobRow row = Objects.requireNonNull(step.job(Index.job(first)), "job");
    gates.send(step, Change.of(row));
  }

  /**
   * All that a shard knows when it comes to a node.
   *
   * @param types takes a queue and its types, null if they are not known
   * @param readyQueues takes each queue with a topic
   */
  public static void readKnown(
      Rows rows, BiConsumer<String, @Nullable List<String>> types, Consumer<String> readyQueues) {
    rows.scan(
        TYPES_OF.all(),
        key -> {
          boolean known = !key.isEmpty() && key.indexOf('\0') < 0;
          types.accept(key, known ? rows.get(TYPES_OF, key) : null);
          return true;
        });
    rows.scan(
        READY.all(),
        channel -> {
          readyQueues.accept(channel.queue());
          return true;
        });
  }
}
