package dev.kanal.scheduler.api.spec;

import dev.kanal.common.job.Retention;
import dev.kanal.scheduler.api.json.FieldReader;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A {@code retention} while it is read. Belongs to the fields that it is part of. */
public final class RetentionFields {
  private final FieldReader fields;
  private final String pointer;
  private @Nullable Duration succeeded;
  private @Nullable Duration other;

  /**
   * @param pointer where it stands in the document
   */
  public RetentionFields(FieldReader fields, String pointer) {
    this.fields = fields;
    this.pointer = pointer;
  }

  public void read() throws IOException {
    fields.object(pointer, "succeeded, other", this::readField);
  }

  private boolean readField(String name) throws IOException {
    String at = pointer + "/" + name;
    switch (name) {
      case "succeeded" -> succeeded = fields.duration(at, Duration.ZERO, Retention.MAX);
      case "other" -> other = fields.duration(at, Duration.ZERO, Retention.MAX);
      default -> {
        return false;
      }
    }
    return true;
  }

  /** The retention; {@code base} counts for fields that are left out. */
  public Retention retention(Retention base) {
    return new Retention(
        succeeded == null ? base.succeeded() : succeeded, other == null ? base.other() : other);
  }
}
