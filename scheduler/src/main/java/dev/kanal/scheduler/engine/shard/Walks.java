package dev.kanal.scheduler.engine.shard;

import static dev.kanal.scheduler.engine.row.Tables.BULK_WALKS;
import static dev.kanal.scheduler.engine.row.Tables.CHANNEL_WALKS;
import static dev.kanal.scheduler.engine.row.Tables.JOBS;
import static dev.kanal.scheduler.engine.row.Tables.KEY_WALKS;
import static dev.kanal.scheduler.engine.row.Tables.QUEUED;
import static dev.kanal.scheduler.engine.row.Tables.QUEUE_WALKS;
import static dev.kanal.scheduler.engine.row.Tables.TYPE_WALKS;

import dev.kanal.common.channel.Channel;
import dev.kanal.common.job.JobId;
import dev.kanal.common.log.LogEntry.StopBulkActionPart;
import dev.kanal.scheduler.engine.bulkaction.BulkActionWalk;
import dev.kanal.scheduler.engine.job.ChildRow;
import dev.kanal.scheduler.engine.row.Tables;
import dev.kanal.scheduler.engine.step.Input;
import dev.kanal.scheduler.engine.table.Index;
import dev.kanal.scheduler.engine.table.KeyCodec.Pair;
import dev.kanal.scheduler.engine.table.Letter;
import dev.kanal.scheduler.engine.table.Range;
import dev.kanal.scheduler.engine.table.Store;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is left to a shard's ticks: walks over the jobs of a key, a queue, a channel, a type, a
 * parent, or a bulk action, each a row until it is done. They are served in turn: in each step each
 * gets an equal share of what the step may do, and the next step begins behind the last that was
 * served. A walk that cannot be decided about is left alone for the rest of its step. Belongs to
 * the shard's thread.
 */
final class Walks {
  private static final Logger log = LoggerFactory.getLogger(Walks.class);

  /** In the order in which they are served. */
  private static final List<Letter> KINDS =
      List.of(
          Letter.CHANNEL_WALK,
          Letter.KEY_WALK,
          Letter.QUEUE_WALK,
          Letter.TYPE_WALK,
          Letter.CHILD_WALK,
          Letter.BULK_WALK);

  private final Store store;
  private final Runner runner;

  Walks(Store store, Runner runner) {
    this.store = store;
    this.runner = runner;
  }

  /** Has inputs decided, each in a step of its own. */
  interface Runner {
    /** Answers whether it could be decided. */
    boolean run(Input input, byte[] raw);
  }

  boolean isEmpty() {
    return KINDS.stream().allMatch(kind -> store.first(kind.keys()) == null);
  }

  boolean hasBulks() {
    return store.first(BULK_WALKS.all()) != null;
  }

  /** Serves the next walks. Returns what is left of {@code atMost}. */
  int serve(int atMost) {
    List<Bytes> turn = next(atMost);
    int left = atMost;
    @Nullable Bytes last = null;
    List<Bytes> goOn = new ArrayList<>();
    for (Bytes walk : turn) {
      if (left <= 0) {
        break;
      }
      left -= serve(walk, Math.max(1, atMost / turn.size()), goOn);
      last = walk;
    }
    note(last, turn, left);
    while (left > 0 && !goOn.isEmpty()) {
      List<Bytes> again = List.copyOf(goOn);
      int quota = Math.max(1, left / again.size());
      goOn.clear();
      for (Bytes walk : again) {
        left -= left > 0 ? serve(walk, Math.min(quota, left), goOn) : 0;
      }
    }
    return Math.max(0, left);
  }

  /** Where the next step begins; while all are served in each there is nothing to note. */
  private void note(@Nullable Bytes last, List<Bytes> turn, int left) {
    boolean all = turn.isEmpty() || (left > 0 && turn.getLast().equals(last));
    if (last != null && !all) {
      store.put(Tables.TURN, last.get());
    } else if (store.get(Tables.TURN) != null) {
      store.delete(Tables.TURN);
    }
  }

  /** The walks behind the one that was served last, then those from the first one on. */
  private List<Bytes> next(int atMost) {
    byte[] turn = store.get(Tables.TURN);
    int begin = turn == null ? 0 : kind(Bytes.wrap(turn));
    Set<Bytes> found = new LinkedHashSet<>();
    if (turn != null) {
      Bytes behind = Bytes.wrap(Arrays.copyOf(turn, turn.length + 1));
      Range<Bytes> rest = new Range<>(behind, Range.endOfLetter(behind), key -> key);
      found.addAll(store.first(rest, atMost));
      begin++;
    }
    for (int i = 0; i < KINDS.size() && found.size() < atMost; i++) {
      for (Bytes walk : store.first(KINDS.get((begin + i) % KINDS.size()).keys(), atMost)) {
        if (found.size() < atMost) {
          found.add(walk);
        }
      }
    }
    return List.copyOf(found);
  }

  private static int kind(Bytes walk) {
    for (int i = 0; i < KINDS.size(); i++) {
      if (KINDS.get(i).isOf(walk)) {
        return i;
      }
    }
    return 0;
  }

  /** Returns what it has cost; notes the walk in {@code goOn} if there is more to do. */
  private int serve(Bytes walk, int quota, List<Bytes> goOn) {
    return switch (KINDS.get(kind(walk))) {
      case CHANNEL_WALK -> resend(walk, quota, goOn);
      case BULK_WALK -> bulk(walk, quota, goOn);
      case KEY_WALK -> {
        Pair key = KEY_WALKS.keyOf(walk);
        yield each(walk, new Input.KeyWalk(key.first(), key.second()), quota, goOn);
      }
      case QUEUE_WALK -> each(walk, new Input.QueueWalk(QUEUE_WALKS.keyOf(walk)), quota, goOn);
      case TYPE_WALK -> each(walk, new Input.TypeWalk(TYPE_WALKS.keyOf(walk)), quota, goOn);
      case CHILD_WALK -> each(walk, new Input.ChildWalk(ChildRow.WALKS.keyOf(walk)), quota, goOn);
      default -> throw new IllegalStateException("Expected a walk, but got " + walk);
    };
  }

  /** Lets jobs go, one by one, until the walk's row is gone. */
  private int each(Bytes walk, Input input, int quota, List<Bytes> goOn) {
    for (int served = 0; served < quota; served++) {
      if (store.get(walk) == null) {
        return Math.max(1, served);
      } else if (!runner.run(input, walk.get())) {
        return served + 1;
      }
    }
    goOn.add(walk);
    return quota;
  }

  /** Sends again what was sent to a topic that is gone. */
  private int resend(Bytes walk, int quota, List<Bytes> goOn) {
    Channel channel = CHANNEL_WALKS.keyOf(walk);
    long before = store.get(CHANNEL_WALKS, channel, 0);
    List<Bytes> found = store.first(QUEUED.between(channel, 0, before).keys(), quota);
    found.forEach(key -> runner.run(new Input.Resend(Index.job(key)), key.get()));
    if (found.size() < quota) {
      store.delete(walk);
    } else {
      goOn.add(walk);
    }
    return Math.max(1, found.size());
  }

  /** Lets a bulk action take its next jobs; one that cannot be carried out further is stopped. */
  private int bulk(Bytes walk, int quota, List<Bytes> goOn) {
    JobId id = BULK_WALKS.keyOf(walk);
    int cost = 1;
    try {
      BulkActionWalk bulk = BulkActionWalk.of(store, id);
      for (JobId job : bulk.next(Math.ceilDiv(quota, bulk.jobCost()))) {
        Bytes key = JOBS.key(job);
        byte[] before = store.get(key);
        boolean decided = runner.run(bulk.command(job), walk.get());
        bulk.note(decided, !Arrays.equals(before, store.get(key)));
      }
      cost = bulk.cost();
      if (runner.run(new Input.BulkActionTaken(bulk.taken()), walk.get())) {
        if (store.get(walk) != null) {
          goOn.add(walk);
        }
        return cost;
      }
    } catch (RuntimeException e) {
      log.error("Expected to go on with bulk action {}, but it failed", id, e);
    }
    log.error("Bulk action {} is stopped in this shard", id);
    if (!runner.run(new Input.Entry(new StopBulkActionPart(id)), walk.get())) {
      store.delete(walk);
    }
    return cost;
  }
}
