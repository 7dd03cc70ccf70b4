package dev.kanal.common.log;

import dev.kanal.common.binary.BinaryReader;
import dev.kanal.common.binary.BinaryWriter;
import dev.kanal.common.binary.UnreadableException;
import dev.kanal.common.context.AttemptTrace;
import dev.kanal.common.job.ErrorInfo;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Outcome;
import dev.kanal.common.job.Outcome.Cancelled;
import dev.kanal.common.job.Outcome.Failed;
import dev.kanal.common.job.Outcome.Lost;
import dev.kanal.common.job.Outcome.Parked;
import dev.kanal.common.job.Outcome.Snoozed;
import dev.kanal.common.job.Outcome.Succeeded;
import dev.kanal.common.job.Outcome.TimedOut;
import dev.kanal.common.job.Outcome.Unhandled;
import dev.kanal.common.job.TokenHash;

/** The bytes of an {@link Outcome} and of an {@link ErrorInfo} within a record or row. */
public final class OutcomeCodec {
  private OutcomeCodec() {}

  public static void write(BinaryWriter out, Outcome outcome) {
    switch (outcome) {
      case Succeeded(var result) -> out.putByte(1).putBytes(result.utf8());
      case Failed(var error, var retryable) -> {
        writeError(out.putByte(2), error);
        out.putBoolean(retryable);
      }
      case Snoozed(var delay, var cause) -> writeError(out.putByte(3).putDuration(delay), cause);
      case Cancelled(var error) -> {
        if (error == null) {
          out.putByte(4);
        } else {
          writeError(out.putByte(9), error);
        }
      }
      case TimedOut(var error) -> writeError(out.putByte(5), error);
      case Unhandled(var type, var announced) -> out.putByte(announced ? 10 : 6).putString(type);
      case Lost(var worker) -> out.putByte(7).putString(worker);
      case Parked(var token, var until) -> writeToken(out.putByte(8), token).putInstant(until);
    }
  }

  public static Outcome read(BinaryReader in) {
    int kind = in.getByte();
    return switch (kind) {
      case 1 -> new Succeeded(JsonBytes.wrap(in.getBytes()));
      case 2 -> new Failed(readError(in), in.getBoolean());
      case 3 -> new Snoozed(in.getDuration(), readError(in));
      case 4 -> new Cancelled();
      case 5 -> new TimedOut(readError(in));
      case 6 -> new Unhandled(in.getString(), false);
      case 7 -> new Lost(in.getString());
      case 8 -> new Parked(readToken(in), in.getInstant());
      case 9 -> new Cancelled(readError(in));
      case 10 -> new Unhandled(in.getString(), true);
      default -> throw new UnreadableException("Expected a known outcome, but found " + kind);
    };
  }

  public static BinaryWriter writeToken(BinaryWriter out, TokenHash token) {
    return out.putFixedLong(token.a())
        .putFixedLong(token.b())
        .putFixedLong(token.c())
        .putFixedLong(token.d());
  }

  public static TokenHash readToken(BinaryReader in) {
    return new TokenHash(
        in.getFixedLong(), in.getFixedLong(), in.getFixedLong(), in.getFixedLong());
  }

  public static void writeTrace(BinaryWriter out, AttemptTrace trace) {
    out.putString(trace.span()).putString(trace.anchor());
  }

  public static AttemptTrace readTrace(BinaryReader in) {
    return new AttemptTrace(in.getString(), in.getString());
  }

  public static void writeError(BinaryWriter out, ErrorInfo error) {
    out.putString(error.type()).putString(error.message()).putNullableString(error.stack());
  }

  public static ErrorInfo readError(BinaryReader in) {
    return new ErrorInfo(in.getString(), in.getString(), in.getNullableString());
  }
}
