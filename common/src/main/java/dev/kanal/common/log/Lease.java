package dev.kanal.common.log;

import dev.kanal.common.job.JobId;

/** A dispatch that a worker holds a lease of. */
public record Lease(JobId job, int dispatch) {}
