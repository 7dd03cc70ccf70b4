package dev.kanal.worker.run;

import dev.kanal.common.clock.Clocks;
import dev.kanal.worker.report.LogBudget;
import dev.kanal.worker.trace.TaskTracer;

/** What the attempts of a worker share. */
public record RunnerParts(
    Clocks clocks,
    RunnerSettings settings,
    LogBudget logs,
    ChildRules children,
    TaskTracer tracer) {}
