package dev.kanal.common.log;

import dev.kanal.common.context.TraceContext;
import dev.kanal.common.job.ErrorInfo;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.LogLine;
import dev.kanal.common.job.Outcome;
import dev.kanal.common.job.Reason;
import dev.kanal.common.log.LogEntry.Finished;
import dev.kanal.common.log.LogEntry.Logged;
import dev.kanal.common.log.LogEntry.RefuseChild;
import dev.kanal.common.log.LogEntry.SubmitChild;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Log entries that concern handlers, by name. */
final class HandlerSamples {
  private static final JobId JOB = JobId.of(5, 1_700_000_000_123L, 0x1234_5678_9ABC_DEF0L);
  private static final JobId CHILD = JobId.of(6, 1_700_000_000_123L, 7);
  private static final Run RUN = new Run(JOB, 3, new WorkerRef("höst-1", 0xCAFE_BABEL));
  private static final Instant AT = Instant.ofEpochMilli(1_700_000_001_000L);
  private static final TraceContext TRACE = new TraceContext(null, null, "tenant=7");

  private HandlerSamples() {}

  static Map<String, LogEntry> all() {
    Map<String, LogEntry> all = new LinkedHashMap<>();
    JobSpec spec = JobSpec.of("sum", JsonBytes.of("{}")).withParent(JOB);
    List<LogLine> lines = List.of(new LogLine(AT, "begun"), new LogLine(AT, "über"));
    all.put("logged", new Logged(RUN, 70_000, 2, lines));
    all.put("submit-child", new SubmitChild(RUN, "part-1", CHILD, spec, TRACE, true));
    all.put("refuse-child", new RefuseChild(CHILD, spec, TRACE, Reason.TOO_MANY_CHILDREN));
    ErrorInfo where = new ErrorInfo("cancelled", "it still runs", "at x.Y");
    all.put(
        "finished-cancelled-still-running",
        new Finished(RUN, AT, AT, new Outcome.Cancelled(where), true));
    return all;
  }
}
