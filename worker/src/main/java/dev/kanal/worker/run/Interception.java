package dev.kanal.worker.run;

import dev.kanal.worker.Context;
import dev.kanal.worker.Interceptor;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of a handler within its interceptors; belongs to the handler's thread. */
final class Interception {
  private static final Logger log = LoggerFactory.getLogger(Interception.class);

  private final List<Interceptor> interceptors;
  private final Context context;
  private final Interceptor.Invocation handler;

  /** What the handler returned or threw, once it was called. */
  private boolean called;

  private @Nullable Object result;
  private @Nullable Throwable thrown;

  Interception(List<Interceptor> interceptors, Context context, Interceptor.Invocation handler) {
    this.interceptors = interceptors;
    this.context = context;
    this.handler = handler;
  }

  /** The outcome is the handler's, if it was called. */
  @SuppressWarnings("ReferenceEquality") // the very exception that the handler threw
  @Nullable Object run() throws Throwable {
    try {
      new Step(0).proceed();
    } catch (Throwable e) {
      if (!called) {
        throw e;
      }
      if (e != thrown) {
        log.warn("An interceptor failed around job {}, which is not changed by it", job(), e);
      }
    }
    if (thrown != null) {
      throw thrown;
    }
    if (!called) {
      throw new IllegalStateException(
          "Expected every interceptor to call proceed() or to throw, but one did neither");
    }
    return result;
  }

  private String job() {
    return context.jobId().toString();
  }

  /** Goes on from the interceptor at an index. */
  private final class Step implements Interceptor.Invocation {
    private final int index;
    private boolean proceeded;

    Step(int index) {
      this.index = index;
    }

    @Override
    public @Nullable Object proceed() throws Exception {
      if (proceeded) {
        throw new IllegalStateException(
            "Expected proceed() to be called once, but it was called again");
      }
      proceeded = true;
      if (index < interceptors.size()) {
        interceptors.get(index).around(context, new Step(index + 1));
        return seen();
      }
      called = true;
      try {
        result = handler.proceed();
        return result;
      } catch (Throwable e) {
        thrown = e;
        throw e;
      }
    }

    /** Also for an outer interceptor when an inner one kept the handler's exception to itself. */
    private @Nullable Object seen() throws Exception {
      return switch (thrown) {
        case null -> result;
        case Exception e -> throw e;
        case Error e -> throw e;
        case Throwable e -> throw new IllegalStateException(e);
      };
    }
  }
}
