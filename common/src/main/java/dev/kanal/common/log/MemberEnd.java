package dev.kanal.common.log;

import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Reason;
import org.jspecify.annotations.Nullable;

/**
 * That a member has ended.
 *
 * @param stage at which, in a chain
 * @param state a final one
 * @param job null if it could not be made
 * @param result null if it is not wanted, or there is none
 */
public record MemberEnd(
    int index,
    int stage,
    JobState state,
    @Nullable Reason reason,
    @Nullable JobId job,
    @Nullable JsonBytes result) {}
