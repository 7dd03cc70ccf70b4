package dev.kanal.worker;

import org.jspecify.annotations.Nullable;

/**
 * A handler that knows its type, and so can be found by {@link java.util.ServiceLoader}: name its
 * class in {@code META-INF/services/dev.kanal.worker.JobHandler}. It needs a public constructor
 * without parameters.
 */
public interface JobHandler<P extends @Nullable Object, R extends @Nullable Object>
    extends Handler<P, R> {
  /** The type of the jobs that it runs. */
  String type();

  /** What payloads are read as; {@link dev.kanal.common.job.JsonBytes} takes them as they came. */
  Class<P> payloadType();

  /** How the worker treats jobs of the type; asked for once. */
  default HandlerOptions options() {
    return HandlerOptions.DEFAULT;
  }
}
