package dev.kanal.scheduler.engine.row;

import dev.kanal.common.job.Priority;

/** One queue's channel of one priority. */
public record Lane(String queue, Priority priority) {}
