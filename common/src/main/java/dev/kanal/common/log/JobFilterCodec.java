package dev.kanal.common.log;

import dev.kanal.common.binary.BinaryReader;
import dev.kanal.common.binary.BinaryWriter;
import dev.kanal.common.bulkaction.JobFilter;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobState;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a {@link JobFilter} within a record, row or cursor; without its failure, which came
 * later and so stands at the end of what holds the filter, and without what only lists look for.
 */
public final class JobFilterCodec {
  private static final JobState[] STATES = JobState.values();

  private JobFilterCodec() {}

  public static void write(BinaryWriter out, JobFilter filter) {
    out.putInt(filter.states().size());
    filter.states().forEach(state -> out.putByte(state.code()));
    out.putNullableString(filter.queue()).putNullableString(filter.type());
    out.putInt(filter.tags().size());
    filter.tags().forEach((name, value) -> out.putString(name).putString(value));
    out.putNullableString(filter.key()).putNullableString(filter.schedule());
    JobId parent = filter.parent();
    out.putBoolean(parent != null);
    if (parent != null) {
      out.putFixedLong(parent.hi()).putFixedLong(parent.lo());
    }
    out.putNullableInstant(filter.createdAfter()).putNullableInstant(filter.createdBefore());
  }

  public static JobFilter read(BinaryReader in) {
    Set<JobState> states = EnumSet.noneOf(JobState.class);
    for (int i = in.getInt(); i > 0; i--) {
      states.add(in.getEnum(STATES));
    }
    return new JobFilter(
        states,
        in.getNullableString(),
        in.getNullableString(),
        readTags(in),
        in.getNullableString(),
        in.getNullableString(),
        readParent(in),
        null,
        in.getNullableInstant(),
        in.getNullableInstant(),
        Set.of());
  }

  private static Map<String, String> readTags(BinaryReader in) {
    Map<String, String> tags = new LinkedHashMap<>();
    for (int i = in.getInt(); i > 0; i--) {
      tags.put(in.getString(), in.getString());
    }
    return tags;
  }

  private static @Nullable JobId readParent(BinaryReader in) {
    return in.getBoolean() ? new JobId(in.getFixedLong(), in.getFixedLong()) : null;
  }
}
