package dev.kanal.common.log;

import dev.kanal.common.binary.BinaryReader;
import dev.kanal.common.binary.BinaryWriter;
import dev.kanal.common.binary.UnreadableException;
import dev.kanal.common.job.Retention;
import dev.kanal.common.job.RetryPolicy;
import dev.kanal.common.queue.QueueDefaults;
import dev.kanal.common.queue.QueueSettings;
import dev.kanal.common.queue.Rate;
import dev.kanal.common.queue.Scaling;
import java.time.Duration;

/** The bytes of {@link QueueSettings} within a record or row. */
public final class QueueSettingsCodec {
  private static final int PAUSED = 1;

  /** Flag: scaling follows; the default is not written. */
  private static final int SCALED = 2;

  private QueueSettingsCodec() {}

  public static void write(BinaryWriter out, QueueSettings settings) {
    Integer concurrency = settings.concurrency();
    Rate rate = settings.rate();
    out.putInt(settings.partitions())
        .putLong(settings.capacity())
        .putInt(concurrency == null ? 0 : concurrency)
        .putInt(rate == null ? 0 : rate.permits());
    if (rate != null) {
      out.putDuration(rate.per());
    }
    Scaling scaling = settings.scaling();
    boolean scaled = !scaling.equals(Scaling.DEFAULT);
    int flags = (settings.paused() ? PAUSED : 0) | (scaled ? SCALED : 0);
    out.putInt(settings.weight()).putBoolean(settings.strict()).putByte(flags);
    writeDefaults(out, settings.defaults());
    if (scaled) {
      out.putInt(scaling.minWorkers()).putInt(scaling.maxWorkers()).putInt(scaling.targetSeconds());
    }
  }

  public static QueueSettings read(BinaryReader in) {
    int partitions = in.getInt();
    long capacity = in.getLong();
    int concurrency = in.getInt();
    int permits = in.getInt();
    Rate rate = permits == 0 ? null : new Rate(permits, in.getDuration());
    int weight = in.getInt();
    boolean strict = in.getBoolean();
    int flags = in.getByte();
    if ((flags & ~(PAUSED | SCALED)) != 0) {
      throw new UnreadableException("Expected flags of a queue, but found " + flags);
    }
    QueueDefaults defaults = readDefaults(in);
    return new QueueSettings(
        partitions,
        capacity,
        concurrency == 0 ? null : concurrency,
        rate,
        weight,
        strict,
        (flags & PAUSED) != 0,
        defaults,
        (flags & SCALED) != 0
            ? new Scaling(in.getInt(), in.getInt(), in.getInt())
            : Scaling.DEFAULT);
  }

  private static void writeDefaults(BinaryWriter out, QueueDefaults defaults) {
    RetryPolicy retry = defaults.retry();
    out.putBoolean(retry != null);
    if (retry != null) {
      SpecCodec.writeRetry(out, retry);
    }
    Duration timeout = defaults.timeout();
    out.putBoolean(timeout != null);
    if (timeout != null) {
      out.putDuration(timeout);
    }
    Retention retention = defaults.retention();
    out.putBoolean(retention != null);
    if (retention != null) {
      out.putDuration(retention.succeeded()).putDuration(retention.other());
    }
  }

  private static QueueDefaults readDefaults(BinaryReader in) {
    RetryPolicy retry = in.getBoolean() ? SpecCodec.readRetry(in) : null;
    Duration timeout = in.getBoolean() ? in.getDuration() : null;
    Retention retention =
        in.getBoolean() ? new Retention(in.getDuration(), in.getDuration()) : null;
    return new QueueDefaults(retry, timeout, retention);
  }
}
