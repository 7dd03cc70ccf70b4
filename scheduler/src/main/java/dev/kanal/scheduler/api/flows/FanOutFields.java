package dev.kanal.scheduler.api.flows;

import dev.kanal.common.flow.FanOut;
import dev.kanal.common.flow.FanOut.Keep;
import dev.kanal.common.flow.Tolerance;
import dev.kanal.common.job.Owner;
import dev.kanal.scheduler.api.json.FieldReader;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a map or group treats its members, while it is read. Belongs to the step. */
final class FanOutFields {
  static final String FIELDS = "atOnce, tolerate, keep, collect";

  private final FieldReader fields;
  private @Nullable Integer atOnce;
  private @Nullable Integer failures;
  private @Nullable Integer percent;
  private @Nullable Keep keep;
  private @Nullable Boolean collect;

  /**
   * @param fields at the object in which they stand
   */
  FanOutFields(FieldReader fields) {
    this.fields = fields;
  }

  /** Reads one field; answers whether it knows it. */
  boolean readField(String name) throws IOException {
    switch (name) {
      case "atOnce" -> atOnce = fields.wholeNumber("/atOnce", 1, FanOut.AT_ONCE_MAX);
      case "tolerate" -> {
        fields.object("/tolerate", "failures, percent", this::readTolerance);
        if (failures != null && percent != null) {
          fields.refuse("/tolerate", "Expected failures or percent, but got both");
        }
      }
      case "keep" -> keep = fields.choice("/keep", List.of(Keep.values()), Keep::text);
      case "collect" -> collect = fields.bool("/collect");
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean readTolerance(String name) throws IOException {
    switch (name) {
      case "failures" -> failures = fields.wholeNumber("/tolerate/failures", 0, Owner.INDICES);
      case "percent" -> percent = fields.wholeNumber("/tolerate/percent", 0, 100);
      default -> {
        return false;
      }
    }
    return true;
  }

  FanOut finish() {
    return new FanOut(
        atOnce == null ? FanOut.DEFAULT.atOnce() : atOnce,
        tolerance(),
        keep,
        collect != null && collect);
  }

  private Tolerance tolerance() {
    if (percent != null) {
      return new Tolerance.Percent(percent);
    }
    return failures == null ? Tolerance.Failures.NONE : new Tolerance.Failures(failures);
  }
}
