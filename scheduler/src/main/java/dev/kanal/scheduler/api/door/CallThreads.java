package dev.kanal.scheduler.api.door;

import dev.kanal.common.door.Places;
import dev.kanal.common.error.ErrorCode;
import dev.kanal.scheduler.api.http.Answer;
import dev.kanal.scheduler.api.http.Answers;
import dev.kanal.scheduler.api.http.Failures;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.api.problem.RefusedException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the bodies of calls that change something on virtual threads, one each, so that they are
 * straight code: a body waits by {@link #await}, refuses by throwing, and returns its answer.
 *
 * <ul>
 *   <li><b>Which thread.</b> The event loop reads the request with its body, and sends the answer;
 *       what comes between runs on the virtual thread, which never touches the response.
 *   <li><b>A client that goes away</b> stops nothing: the body runs to its end, and its answer is
 *       dropped.
 *   <li><b>Bound.</b> At most {@code most} bodies at once, those of abandoned calls among them, and
 *       about half for one client; beyond, a call is refused with {@code overloaded}. A body that
 *       waits forever keeps its place and disturbs no other.
 *   <li><b>Stop.</b> {@link #close} ends the waiting of every body that is still there. What was
 *       appended to the log before is in the log and will be done; a change of several steps may
 *       stop between two of them, as if the process had ended there.
 * </ul>
 *
 * The threads are our own and no virtual-thread context of Vert.x: see ADR 10. Usable from any
 * thread.
 */
public final class CallThreads implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(CallThreads.class);

  /** How long a body may take to end once it is interrupted. */
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(1);

  private final Places places;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("kanal-call-", 0).factory());

  /**
   * @param most how many bodies may run at once
   */
  public CallThreads(int most) {
    this.places = new Places(most);
  }

  /** What a call does; an exception that is no refusal is answered as a failure of the server. */
  public interface Body {
    Answer run() throws RefusedException;
  }

  /** Runs a body and answers the request with what it returns; on the request's event loop. */
  public void run(HttpServerRequest request, Body body) {
    Context loop = Objects.requireNonNull(Vertx.currentContext(), "no event loop");
    String client = ClientPlaces.client(request);
    if (!places.enter(client)) {
      Answers.problem(request, full());
      return;
    }
    try {
      threads.execute(() -> run(request, body, loop, client));
    } catch (RejectedExecutionException e) {
      places.leave(client);
      Answers.problem(request, Problem.shardUnavailable("This scheduler stops"));
    }
  }

  private void run(HttpServerRequest request, Body body, Context loop, String client) {
    Answer answer;
    try {
      answer = body.run();
    } catch (RefusedException e) {
      answer = Answer.problem(e.problem());
    } catch (RuntimeException e) {
      answer = Answer.problem(Failures.internal(e));
    } finally {
      places.leave(client);
    }
    send(request, answer, loop);
  }

  private static void send(HttpServerRequest request, Answer answer, Context loop) {
    try {
      loop.runOnContext(_ -> Failures.guard(request, () -> answer.send(request)));
    } catch (RejectedExecutionException e) {
      log.debug("The event loop has ended, and with it the connection of an answer", e);
    }
  }

  /**
   * Waits on a call's own thread for what another thread completes.
   *
   * @param refusal what it means to the client that {@code later} has failed
   * @throws RefusedException if it fails, or if the node stops meanwhile
   */
  public static <T> T await(CompletionStage<T> later, Function<Throwable, Problem> refusal)
      throws RefusedException {
    if (!Thread.currentThread().isVirtual()) {
      throw new IllegalStateException(
          "Expected to wait on a call's thread, but this is " + Thread.currentThread().getName());
    }
    try {
      return later.toCompletableFuture().get();
    } catch (ExecutionException e) {
      throw new RefusedException(refusal.apply(Objects.requireNonNull(e.getCause())));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RefusedException(stopping());
    }
  }

  /** The same for a future of Vert.x. */
  public static <T> T await(Future<T> later, Function<Throwable, Problem> refusal)
      throws RefusedException {
    return await(later.toCompletionStage(), refusal);
  }

  /**
   * Lets time pass on a call's own thread.
   *
   * @throws RefusedException if the node stops meanwhile
   */
  public void pause(Duration time) throws RefusedException {
    try {
      if (closed.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new RefusedException(stopping());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RefusedException(stopping());
    }
  }

  /** How many bodies run. */
  public int running() {
    return places.taken();
  }

  /** Ends the waiting of all bodies. */
  @Override
  public void close() {
    closed.countDown();
    var _ = threads.shutdownNow();
    try {
      if (!threads.awaitTermination(CLOSE_PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
        log.warn("Expected all calls to end within {}, but {} did not", CLOSE_PATIENCE, running());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Problem full() {
    String most = ClientPlaces.limits(places, "calls that change something");
    return Problem.later(ErrorCode.OVERLOADED, "Expected at most " + most + ", but got more", 1);
  }

  private static Problem stopping() {
    return Problem.shardAmbiguous("This scheduler stops: it may have been done");
  }
}
