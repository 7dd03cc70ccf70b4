package dev.kanal.worker;

import dev.kanal.common.clock.Clocks;
import dev.kanal.worker.report.LogBudget;
import dev.kanal.worker.trace.TaskTracer;

/** What the attempts of a worker share. */
record RunnerParts(
    Clocks clocks,
    RunnerSettings settings,
    LogBudget logs,
    ChildRules children,
    TaskTracer tracer) {}
