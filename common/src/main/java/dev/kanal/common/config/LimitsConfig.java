package dev.kanal.common.config;

import dev.kanal.common.unit.Sizes;
import java.util.List;

/** Bounds of what users send: payload, result and bulk line in bytes, tags in number. */
public record LimitsConfig(int payload, int result, int bulkLine, int tags) {
  private static final Setting.Bounds<Long> DOCUMENT = new Setting.Bounds<>(1L << 10, 1L << 20);

  private static final Setting<Long> PAYLOAD =
      Setting.size("limits.payload", "256KiB", DOCUMENT, "largest payload of a job");
  private static final Setting<Long> RESULT =
      Setting.size("limits.result", "256KiB", DOCUMENT, "largest result of a job");
  private static final Setting<Long> BULK_LINE =
      Setting.size(
          "limits.bulk-line",
          "512KiB",
          new Setting.Bounds<>(1L << 10, 2L << 20),
          "largest line of a bulk submit; at least limits.payload");
  private static final Setting<Integer> TAGS =
      Setting.integer("limits.tags", 32, new Setting.Bounds<>(0, 64), "most tags of a job");

  static final List<Setting<?>> SETTINGS = List.of(PAYLOAD, RESULT, BULK_LINE, TAGS);

  public LimitsConfig {
    PAYLOAD.check((long) payload);
    RESULT.check((long) result);
    BULK_LINE.check((long) bulkLine);
    TAGS.check(tags);
    if (bulkLine < payload) {
      throw new RelationException(
          "Expected at least limits.payload, "
              + Sizes.format(payload)
              + ", but got "
              + Sizes.format(bulkLine),
          BULK_LINE,
          PAYLOAD);
    }
  }

  public static LimitsConfig from(Settings settings) {
    return new LimitsConfig(
        Math.toIntExact(settings.get(PAYLOAD)),
        Math.toIntExact(settings.get(RESULT)),
        Math.toIntExact(settings.get(BULK_LINE)),
        settings.get(TAGS));
  }
}
