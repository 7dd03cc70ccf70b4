package dev.kanal.scheduler.engine.flow;

import dev.kanal.common.binary.BinaryReader;
import dev.kanal.common.binary.BinaryWriter;
import dev.kanal.common.context.TraceContext;
import dev.kanal.common.flow.FlowSpec;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.log.FlowCodec;
import dev.kanal.common.log.FlowItem;
import dev.kanal.common.log.FlowSpecCodec;
import dev.kanal.common.log.SpecCodec;
import dev.kanal.scheduler.engine.row.Submitted;
import dev.kanal.scheduler.engine.table.Codec;
import dev.kanal.scheduler.engine.table.KeyCodec;
import dev.kanal.scheduler.engine.table.KeyCodec.Pair;
import dev.kanal.scheduler.engine.table.Letter;
import dev.kanal.scheduler.engine.table.Range;
import dev.kanal.scheduler.engine.table.Table;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The tables of flows, in their home shards. */
public final class FlowTables {
  /** In place of a step's number: the flow itself. */
  public static final int OF_FLOW = 0xFFFF;

  private static final KeyCodec<StepKey> STEP_KEY =
      KeyCodec.ofWriter((letter, key) -> KeyCodec.wrap(step(letter, key.flow, key.step, 0)));

  private static final KeyCodec<Part> PART =
      new KeyCodec<>(
          (letter, part) ->
              KeyCodec.wrap(step(letter, part.flow, part.step, Integer.BYTES).putInt(part.number)),
          key -> {
            ByteBuffer bytes = ByteBuffer.wrap(key);
            int step = 1 + JobId.BYTES;
            return new Part(
                JobId.fromBytes(key, 1), bytes.getInt(step), bytes.getInt(step + Integer.BYTES));
          });

  private static final KeyCodec<Named> NAMED =
      KeyCodec.ofWriter(
          (letter, named) -> {
            byte[] name = KeyCodec.utf8(named.name);
            ByteBuffer key = KeyCodec.of(letter, JobId.BYTES + name.length);
            key.putLong(named.flow.hi()).putLong(named.flow.lo());
            return KeyCodec.wrap(key.put(name));
          });

  private static final KeyCodec<Turn> TURN =
      new KeyCodec<>(
          (letter, turn) -> {
            ByteBuffer key = KeyCodec.of(letter, Long.BYTES + JobId.BYTES).putLong(turn.number);
            return KeyCodec.wrap(key.putLong(turn.flow.hi()).putLong(turn.flow.lo()));
          },
          key -> new Turn(ByteBuffer.wrap(key).getLong(1), JobId.fromBytes(key, 1 + Long.BYTES)));

  public static final Table<JobId, Definition> DEFINITIONS =
      new Table<>(
          Letter.FLOW_SPEC,
          KeyCodec.JOB,
          Codec.of(1, _ -> 1_024, Definition::write, Definition::read));

  public static final Table<JobId, FlowRow> FLOWS =
      new Table<>(Letter.FLOW, KeyCodec.JOB, FlowRow.CODEC);

  public static final Table<StepKey, StepRow> STEPS =
      new Table<>(Letter.FLOW_STEP, STEP_KEY, StepRow.CODEC);

  /** By the number of their part of {@link MemberBits#SIZE} members. */
  public static final Table<Part, MemberBits> MEMBERS =
      new Table<>(Letter.MEMBERS, PART, MemberBits.CODEC);

  /** By the number of the last of the items. */
  static final Table<Part, Items> ITEMS =
      new Table<>(Letter.ITEMS, PART, Codec.of(1, _ -> 1_024, Items::write, Items::read));

  /** By the part of members that they are of; of a single job and of the flow by 0. */
  public static final Table<Part, Results> RESULTS =
      new Table<>(Letter.STEP_RESULT, PART, Codec.of(1, _ -> 256, Results::write, Results::read));

  public static final Table<Named, JsonBytes> EVENTS =
      new Table<>(Letter.FLOW_EVENT, NAMED, Codec.JSON);

  public static final Table<Turn, Boolean> TURNS = Table.ofMarks(Letter.FLOW_TURN, TURN);

  /** By idempotency key: queues of jobs have names, flows have none. */
  private static final Table<Pair, Submitted> BY_KEY =
      new Table<>(Letter.SUBMITTED, KeyCodec.PAIR, Submitted.CODEC);

  /** The first submit of a flow with this idempotency key. */
  public static final Table<String, Submitted> SUBMITTED =
      new Table<>(
          Letter.SUBMITTED,
          KeyCodec.ofWriter((letter, key) -> BY_KEY.key(new Pair("", key))),
          Submitted.CODEC);

  /** A step by its number in the definition. */
  public record StepKey(JobId flow, int step) {}

  /** A numbered part of what a step has. */
  public record Part(JobId flow, int step, int number) {}

  /** A name within a flow. */
  public record Named(JobId flow, String name) {}

  /** A flow's place in the line of those that have something to decide. */
  public record Turn(long number, JobId flow) {}

  /** What was submitted. */
  public record Definition(FlowSpec spec, TraceContext trace) {
    private static void write(BinaryWriter out, Definition definition) {
      FlowSpecCodec.write(out, definition.spec);
      SpecCodec.writeTrace(out, definition.trace);
    }

    private static Definition read(BinaryReader in, int version) {
      return new Definition(FlowSpecCodec.read(in), SpecCodec.readTrace(in));
    }
  }

  /** Items next to each other. */
  record Items(int first, List<FlowItem> items) {
    /** Most of a row. */
    static final int MAX = 512;

    /** Most bytes of a row, unless a single item is larger. */
    static final int BYTES_MAX = 32 << 10;

    Items {
      items = List.copyOf(items);
    }

    private static void write(BinaryWriter out, Items row) {
      FlowCodec.writeItems(out.putInt(row.first), row.items);
    }

    private static Items read(BinaryReader in, int version) {
      return new Items(in.getInt(), FlowCodec.readItems(in, MAX));
    }
  }

  /** Results of members, in the order in which these ended. */
  public record Results(List<Result> results) {
    public Results {
      results = List.copyOf(results);
    }

    Results plus(Result more) {
      List<Result> all = new ArrayList<>(results);
      all.add(more);
      return new Results(all);
    }

    private static void write(BinaryWriter out, Results row) {
      out.putInt(row.results.size());
      row.results.forEach(each -> out.putInt(each.index).putBytes(each.json.utf8()));
    }

    private static Results read(BinaryReader in, int version) {
      List<Result> results = new ArrayList<>();
      for (int left = in.getInt(); left > 0; left--) {
        results.add(new Result(in.getInt(), JsonBytes.wrap(in.getBytes())));
      }
      return new Results(results);
    }
  }

  /** The result of a member. */
  public record Result(int index, JsonBytes json) {}

  private FlowTables() {}

  /** The rows that a step has of a table. */
  static Range<Part> of(Table<Part, ?> table, JobId flow, int step) {
    return table.range(KeyCodec.wrap(step(table.letter(), flow, step, 0)));
  }

  private static ByteBuffer step(Letter letter, JobId flow, int step, int more) {
    ByteBuffer key = KeyCodec.of(letter, JobId.BYTES + Integer.BYTES + more);
    return key.putLong(flow.hi()).putLong(flow.lo()).putInt(step);
  }
}
