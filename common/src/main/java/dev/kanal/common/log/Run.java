package dev.kanal.common.log;

import dev.kanal.common.job.JobId;

/** One dispatch of a job at one worker: what a worker's event is about. */
public record Run(JobId job, int dispatch, WorkerRef worker) {}
