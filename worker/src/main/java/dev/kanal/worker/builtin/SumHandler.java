package dev.kanal.worker.builtin;

import dev.kanal.worker.Context;
import dev.kanal.worker.JobFailed;
import dev.kanal.worker.JobHandler;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code sum}: adds the numbers of {@code data}, exactly. */
public final class SumHandler implements JobHandler<SumHandler.Payload, SumHandler.Sum> {
  /** Digits left or right of the point; exact sums of wider numbers would take too much memory. */
  private static final int DIGITS_MAX = 1_000;

  /** The numbers to add. */
  public record Payload(@Nullable List<@Nullable BigDecimal> data) {}

  /** The answer. */
  public record Sum(BigDecimal sum, int count) {}

  @Override
  public String type() {
    return "sum";
  }

  @Override
  public Class<Payload> payloadType() {
    return Payload.class;
  }

  @Override
  public Sum handle(Context context, Payload payload) throws JobFailed {
    List<@Nullable BigDecimal> data = Payloads.required("data", payload.data());
    BigDecimal sum = BigDecimal.ZERO;
    for (int i = 0; i < data.size(); i++) {
      sum = sum.add(number(i, data.get(i)));
    }
    return new Sum(sum, data.size());
  }

  private static BigDecimal number(int index, @Nullable BigDecimal number) throws JobFailed {
    if (number == null) {
      throw Payloads.bad("Expected a number at /data/" + index + ", but got null");
    }
    if (Math.abs((long) number.scale()) > DIGITS_MAX) {
      throw Payloads.bad(
          "Expected an exponent of at most "
              + DIGITS_MAX
              + " at /data/"
              + index
              + ", but it is larger");
    }
    return number;
  }
}
