package dev.kanal.scheduler.engine.row;

import dev.kanal.common.log.QueueSettingsCodec;
import dev.kanal.common.queue.QueueSettings;
import dev.kanal.scheduler.engine.table.Codec;
import org.jspecify.annotations.Nullable;

/**
 * What a shard knows of a queue's settings.
 *
 * @param settings null if the queue was deleted
 * @param revision an older one is not listened to
 */
public record QueueRow(@Nullable QueueSettings settings, long revision) {
  static final Codec<QueueRow> CODEC =
      Codec.of(
          (out, row) -> {
            QueueSettings settings = row.settings;
            out.putLong(row.revision).putBoolean(settings != null);
            if (settings != null) {
              QueueSettingsCodec.write(out, settings);
            }
          },
          (in, _) -> {
            long revision = in.getLong();
            return new QueueRow(in.getBoolean() ? QueueSettingsCodec.read(in) : null, revision);
          });

  public boolean isDeleted() {
    return settings == null;
  }
}
