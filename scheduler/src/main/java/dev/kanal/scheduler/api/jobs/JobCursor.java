package dev.kanal.scheduler.api.jobs;

import dev.kanal.common.binary.BinaryWriter;
import dev.kanal.common.bulkaction.JobFilter;
import dev.kanal.common.job.JobId;
import dev.kanal.common.log.JobFilterCodec;
import dev.kanal.scheduler.api.filter.ListCursor;
import org.jspecify.annotations.Nullable;

/** Where the next page of a list begins: opaque to clients, and good for one filter only. */
final class JobCursor {
  private static final int CAPACITY = 64;

  private JobCursor() {}

  static String write(JobFilter filter, JobId below) {
    return ListCursor.write(bytes(filter), below);
  }

  /** The job below which the page begins; null if the text is no cursor of this filter. */
  static @Nullable JobId read(JobFilter filter, String text) {
    return ListCursor.read(bytes(filter), text);
  }

  private static byte[] bytes(JobFilter filter) {
    BinaryWriter out = new BinaryWriter(CAPACITY);
    JobFilterCodec.write(out, filter);
    if (filter.failure() != null) {
      out.putString(filter.failure());
    }
    filter.find().forEach(out::putString);
    return out.toBytes();
  }
}
