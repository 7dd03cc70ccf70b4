package dev.kanal.scheduler.engine.shard;

import dev.kanal.common.job.JobId;
import dev.kanal.common.log.LogEntry.StopPart;
import dev.kanal.scheduler.engine.bulk.BulkWalk;
import dev.kanal.scheduler.engine.job.ChildKeys;
import dev.kanal.scheduler.engine.row.Keys;
import dev.kanal.scheduler.engine.row.Lane;
import dev.kanal.scheduler.engine.row.RowCodec;
import dev.kanal.scheduler.engine.row.Store;
import dev.kanal.scheduler.engine.row.TypeKeys;
import dev.kanal.scheduler.engine.step.Input;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is left to a shard's ticks: walks over the jobs of a key, a queue, a lane, a type, a parent,
 * or a bulk action, each a row until it is done. They are served in turn: in each step each gets an
 * equal share of what the step may do, and the next step begins behind the last that was served. A
 * walk that cannot be decided about is left alone for the rest of its step. Belongs to the shard's
 * thread.
 */
final class Walks {
  private static final Logger log = LoggerFactory.getLogger(Walks.class);

  /** The first possible key of each kind, in the order in which they are served. */
  private static final List<Bytes> KINDS =
      List.of(
          Keys.firstWalk(),
          Keys.firstKeyWalk(),
          Keys.firstQueueWalk(),
          TypeKeys.firstWalk(),
          ChildKeys.firstChildWalk(),
          Keys.firstBulkWalk());

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
    return KINDS.stream().allMatch(kind -> keys(kind, Keys.endOf(kind), 1).isEmpty());
  }

  boolean hasBulks() {
    Bytes first = Keys.firstBulkWalk();
    return !keys(first, Keys.endOf(first), 1).isEmpty();
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
      int share = Math.max(1, left / again.size());
      goOn.clear();
      for (Bytes walk : again) {
        left -= left > 0 ? serve(walk, Math.min(share, left), goOn) : 0;
      }
    }
    return Math.max(0, left);
  }

  /** Where the next step begins; while all are served in each there is nothing to note. */
  private void note(@Nullable Bytes last, List<Bytes> turn, int left) {
    boolean all = turn.isEmpty() || (left > 0 && turn.getLast().equals(last));
    if (last != null && !all) {
      store.put(Keys.TURN, last.get());
    } else if (store.get(Keys.TURN) != null) {
      store.delete(Keys.TURN);
    }
  }

  /** The walks behind the one that was served last, then those from the first one on. */
  private List<Bytes> next(int atMost) {
    byte[] turn = store.get(Keys.TURN);
    int begin = turn == null ? 0 : kind(turn[0]);
    Set<Bytes> found = new LinkedHashSet<>();
    if (turn != null) {
      Bytes behind = Bytes.wrap(Arrays.copyOf(turn, turn.length + 1));
      found.addAll(keys(behind, Keys.endOf(behind), atMost));
      begin++;
    }
    for (int i = 0; i < KINDS.size() && found.size() < atMost; i++) {
      Bytes kind = KINDS.get((begin + i) % KINDS.size());
      for (Bytes walk : keys(kind, Keys.endOf(kind), atMost)) {
        if (found.size() < atMost) {
          found.add(walk);
        }
      }
    }
    return List.copyOf(found);
  }

  private static int kind(byte letter) {
    for (int i = 0; i < KINDS.size(); i++) {
      if (KINDS.get(i).get()[0] == letter) {
        return i;
      }
    }
    return 0;
  }

  private List<Bytes> keys(Bytes from, Bytes to, int atMost) {
    List<Bytes> found = new ArrayList<>();
    store.scan(from, to, (key, _) -> found.add(key) && found.size() < atMost);
    return found;
  }

  /** Returns what it has cost; notes the walk in {@code goOn} if there is more to do. */
  private int serve(Bytes walk, int share, List<Bytes> goOn) {
    return switch (walk.get()[0]) {
      case 'k' -> resend(walk, share, goOn);
      case 'v' -> bulk(walk, share, goOn);
      case 'y' ->
          each(
              walk, new Input.KeyWalk(Keys.keyWalkQueue(walk), Keys.keyWalkKey(walk)), share, goOn);
      case 'd' -> each(walk, new Input.QueueWalk(Keys.text(walk)), share, goOn);
      case 'V' ->
          each(
              walk,
              new Input.TypeWalk(TypeKeys.walkLane(walk), TypeKeys.walkType(walk)),
              share,
              goOn);
      default -> each(walk, new Input.ChildWalk(Keys.indexedJob(walk)), share, goOn);
    };
  }

  /** Lets jobs go, one by one, until the walk's row is gone. */
  private int each(Bytes walk, Input input, int share, List<Bytes> goOn) {
    for (int served = 0; served < share; served++) {
      if (store.get(walk) == null) {
        return Math.max(1, served);
      } else if (!runner.run(input, walk.get())) {
        return served + 1;
      }
    }
    goOn.add(walk);
    return share;
  }

  /** Sends again what was sent to a topic that is gone. */
  private int resend(Bytes walk, int share, List<Bytes> goOn) {
    Lane lane = Keys.walkLane(walk);
    long before = RowCodec.decodeNumber(Objects.requireNonNull(store.get(walk), "walk"));
    List<Bytes> found = keys(Keys.queuedFrom(lane, 0), Keys.queuedFrom(lane, before), share);
    found.forEach(key -> runner.run(new Input.Resend(Keys.indexedJob(key)), key.get()));
    if (found.size() < share) {
      store.delete(walk);
    } else {
      goOn.add(walk);
    }
    return Math.max(1, found.size());
  }

  /** Lets a bulk action take its next jobs; one that cannot be carried out further is stopped. */
  private int bulk(Bytes walk, int share, List<Bytes> goOn) {
    JobId id = Keys.indexedJob(walk);
    int cost = 1;
    try {
      BulkWalk bulk = BulkWalk.of(store, id);
      for (JobId job : bulk.next(Math.ceilDiv(share, bulk.jobCost()))) {
        byte[] before = store.get(Keys.job(job));
        boolean decided = runner.run(bulk.command(job), walk.get());
        bulk.note(decided, !Arrays.equals(before, store.get(Keys.job(job))));
      }
      cost = bulk.cost();
      if (runner.run(new Input.BulkTaken(bulk.taken()), walk.get())) {
        if (store.get(walk) != null) {
          goOn.add(walk);
        }
        return cost;
      }
    } catch (RuntimeException e) {
      log.error("Expected to go on with bulk action {}, but it failed", id, e);
    }
    log.error("Bulk action {} is stopped in this shard", id);
    if (!runner.run(new Input.Entry(new StopPart(id)), walk.get())) {
      store.delete(walk);
    }
    return cost;
  }
}
