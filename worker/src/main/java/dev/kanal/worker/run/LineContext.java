package dev.kanal.worker.run;

import dev.kanal.common.context.TraceContext;
import dev.kanal.common.task.Task;
import org.slf4j.MDC;

/**
 * Puts the context of a run into every line that is logged in the handler's thread: {@code job},
 * {@code attempt}, {@code queue}, {@code type} and, if there is one, {@code trace}. Belongs to that
 * thread.
 */
final class LineContext implements AutoCloseable {
  private LineContext() {}

  static LineContext of(Task task, String queue, TraceContext trace) {
    MDC.put("job", task.job().toString());
    MDC.put("attempt", Integer.toString(task.attempt()));
    MDC.put("queue", queue);
    MDC.put("type", task.type());
    String traceId = trace.traceId();
    if (traceId != null) {
      MDC.put("trace", traceId);
    }
    return new LineContext();
  }

  @Override
  public void close() {
    MDC.clear();
  }
}
