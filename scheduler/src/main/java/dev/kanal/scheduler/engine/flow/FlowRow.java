package dev.kanal.scheduler.engine.flow;

import dev.kanal.common.binary.BinaryReader;
import dev.kanal.common.binary.BinaryWriter;
import dev.kanal.common.flow.plan.FlowReason;
import dev.kanal.common.flow.plan.FlowState;
import dev.kanal.common.flow.plan.FlowStatus;
import dev.kanal.common.flow.plan.StepStates;
import dev.kanal.scheduler.engine.table.Codec;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Where a flow stands; belongs to one decision, or to one reader. */
public final class FlowRow {
  static final Codec<FlowRow> CODEC = Codec.of(1, _ -> 128, FlowRow::write, FlowRow::read);

  /** No place in the line, no timer, nothing to forget. */
  static final long NONE = -1;

  private static final FlowState[] STATES = FlowState.values();
  private static final FlowReason[] REASONS = FlowReason.values();

  FlowStatus status;
  final long createdMs;

  /** 0 until it has ended. */
  long finishedMs;

  /** Of the last command that took effect. */
  long commandOffset;

  /** Members of all steps that have begun and not ended. */
  int openMembers;

  /** Of all items and payloads that were sent to members. */
  long bytes;

  /** Its place in the line of those that have something to decide. */
  long turn = NONE;

  /** When the flow's own timer is due. */
  long timerMs = NONE;

  /** The step whose members are being forgotten; {@link #NONE} while the flow is kept. */
  int forgottenStep = (int) NONE;

  /** How far that is. */
  int forgottenIndex;

  FlowRow(FlowStatus status, long createdMs) {
    this.status = status;
    this.createdMs = createdMs;
  }

  public FlowStatus status() {
    return status;
  }

  public long createdMs() {
    return createdMs;
  }

  public long finishedMs() {
    return finishedMs;
  }

  public long commandOffset() {
    return commandOffset;
  }

  public int openMembers() {
    return openMembers;
  }

  /** Whether it is being forgotten, and so is not there any more for users. */
  public boolean isForgotten() {
    return forgottenStep >= 0;
  }

  private static void write(BinaryWriter out, FlowRow row) {
    FlowStatus status = row.status;
    FlowReason reason = status.reason();
    out.putByte(status.state().code()).putByte(status.outcome().code());
    out.putByte(reason == null ? -1 : reason.code()).putInt(status.round());
    out.putNullableInstant(status.deadline()).putBytes(status.steps().toBytes());
    out.putLong(row.createdMs).putLong(row.finishedMs).putLong(row.commandOffset);
    out.putInt(row.openMembers).putLong(row.bytes).putLong(row.turn).putLong(row.timerMs);
    out.putInt(row.forgottenStep).putInt(row.forgottenIndex);
  }

  private static FlowRow read(BinaryReader in, int version) {
    FlowState state = in.getEnum(STATES);
    FlowState outcome = in.getEnum(STATES);
    int reason = in.getByte();
    int round = in.getInt();
    @Nullable Instant deadline = in.getNullableInstant();
    StepStates steps = StepStates.fromBytes(in.getBytes());
    FlowReason why = reason < 0 ? null : REASONS[reason];
    FlowStatus status = new FlowStatus(state, outcome, why, round, deadline, steps);
    FlowRow row = new FlowRow(status, in.getLong());
    row.finishedMs = in.getLong();
    row.commandOffset = in.getLong();
    row.openMembers = in.getInt();
    row.bytes = in.getLong();
    row.turn = in.getLong();
    row.timerMs = in.getLong();
    row.forgottenStep = in.getInt();
    row.forgottenIndex = in.getInt();
    return row;
  }
}
