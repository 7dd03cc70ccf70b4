package dev.kanal.worker;

import org.jspecify.annotations.Nullable;

/**
 * Goes around every run of a handler: for tenants, authorisation, more log context and the like.
 *
 * <pre>{@code
 * (context, invocation) -> {
 *   MDC.put("job", context.jobId().toString());
 *   try {
 *     invocation.proceed();
 *   } finally {
 *     MDC.remove("job");
 *   }
 * }
 * }</pre>
 *
 * It runs in the handler's thread, is interrupted with it, and its time counts. One interceptor
 * serves many attempts at once.
 *
 * <p>It sees how the handler ends, and changes nothing about it: once the handler has been called,
 * the outcome is the handler's, whatever the interceptor catches or throws. Before that an
 * exception is the outcome, as if the handler had thrown it. One that ends without having called
 * {@link Invocation#proceed} fails the attempt.
 */
@FunctionalInterface
public interface Interceptor {
  /** Calls {@link Invocation#proceed} once, in this thread. */
  void around(Context context, Invocation invocation) throws Exception;

  /** The way on: the next interceptor and at last the handler. */
  interface Invocation {
    /**
     * Runs the handler.
     *
     * @return what the handler returns, before it is written as JSON
     * @throws Exception what the handler throws; it is to be thrown on
     * @throws IllegalStateException if it was called before
     */
    @Nullable Object proceed() throws Exception;
  }
}
