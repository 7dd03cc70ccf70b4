package dev.kanal.scheduler.engine.row;

import dev.kanal.common.binary.BinaryReader;
import dev.kanal.common.binary.BinaryWriter;
import dev.kanal.common.binary.UnreadableException;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Reason;
import dev.kanal.common.log.FlowCodec;
import dev.kanal.common.log.FlowItem;
import dev.kanal.common.log.MemberTemplate;
import dev.kanal.scheduler.engine.table.Codec;
import dev.kanal.scheduler.engine.table.KeyCodec;
import dev.kanal.scheduler.engine.table.Letter;
import dev.kanal.scheduler.engine.table.Table;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done about one member in this shard. Parcels are worked off in the order in which
 * they came, each by a decision of its own, so that a member that cannot be decided about harms
 * itself alone, and none is cancelled before it was made.
 */
public sealed interface Parcel {
  JobId flow();

  String step();

  /**
   * The member's job is made.
   *
   * @param item what it is about; null if it has none
   * @param prev the result of the stage before; null at the first one
   */
  record Make(
      JobId flow, String step, Member member, @Nullable FlowItem item, @Nullable JsonBytes prev)
      implements Parcel {}

  /** A member's job is cancelled. */
  record Cancel(JobId flow, String step, Member member, Reason why) implements Parcel {}

  /** A member's jobs are forgotten. */
  record Forget(JobId flow, String step, int index) implements Parcel {}

  /** A job is forgotten. */
  record ForgetJob(JobId flow, JobId job) implements Parcel {
    @Override
    public String step() {
      return "";
    }
  }

  /** How the step's members are made is forgotten. */
  record ForgetStep(JobId flow, String step) implements Parcel {}

  /** Which of a step's jobs, in which round of the flow. */
  record Member(int round, int index, int stage) {}

  /** By the order of coming. */
  Table<Long, Parcel> TABLE =
      new Table<>(
          Letter.PARCEL, KeyCodec.NUMBER, Codec.of(1, _ -> 128, Parcel::write, Parcel::read));

  /** How a step's members are made here. */
  Table<StepOf, MemberTemplate> TEMPLATES =
      new Table<>(
          Letter.TEMPLATE,
          KeyCodec.ofWriter(
              (letter, of) -> {
                byte[] step = KeyCodec.utf8(of.step);
                ByteBuffer key = KeyCodec.of(letter, JobId.BYTES + step.length);
                key.putLong(of.flow.hi()).putLong(of.flow.lo());
                return KeyCodec.wrap(key.put(step));
              }),
          Codec.of(1, _ -> 512, FlowCodec::writeTemplate, (in, _) -> FlowCodec.readTemplate(in)));

  /** A step of a flow, by its name. */
  record StepOf(JobId flow, String step) {}

  private static void write(BinaryWriter out, Parcel parcel) {
    switch (parcel) {
      case Make(_, _, var member, var item, var prev) -> {
        head(out.putByte(0), parcel);
        write(out, member);
        FlowCodec.writeItem(out, item);
        out.putBoolean(prev != null);
        if (prev != null) {
          out.putBytes(prev.utf8());
        }
      }
      case Cancel(_, _, var member, var why) -> {
        head(out.putByte(1), parcel);
        write(out, member);
        out.putByte(why.code());
      }
      case Forget(_, _, var index) -> head(out.putByte(2), parcel).putInt(index);
      case ForgetJob(_, var job) -> Codec.putJob(head(out.putByte(3), parcel), job);
      case ForgetStep _ -> head(out.putByte(4), parcel);
    }
  }

  private static BinaryWriter head(BinaryWriter out, Parcel parcel) {
    return Codec.putJob(out, parcel.flow()).putString(parcel.step());
  }

  private static void write(BinaryWriter out, Member member) {
    out.putInt(member.round).putInt(member.index).putByte(member.stage);
  }

  private static Parcel read(BinaryReader in, int version) {
    int kind = in.getByte();
    JobId flow = Codec.getJob(in);
    String step = in.getString();
    return switch (kind) {
      case 0 ->
          new Make(
              flow,
              step,
              member(in),
              FlowCodec.readNullableItem(in),
              in.getBoolean() ? JsonBytes.wrap(in.getBytes()) : null);
      case 1 -> new Cancel(flow, step, member(in), in.getEnum(Reason.values()));
      case 2 -> new Forget(flow, step, in.getInt());
      case 3 -> new ForgetJob(flow, Codec.getJob(in));
      case 4 -> new ForgetStep(flow, step);
      default -> throw new UnreadableException("Expected a parcel, but found kind " + kind);
    };
  }

  private static Member member(BinaryReader in) {
    return new Member(in.getInt(), in.getInt(), in.getByte());
  }
}
