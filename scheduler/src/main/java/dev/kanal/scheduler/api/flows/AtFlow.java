package dev.kanal.scheduler.api.flows;

import static dev.kanal.scheduler.api.door.CallThreads.await;

import dev.kanal.common.error.ErrorCode;
import dev.kanal.common.job.JobId;
import dev.kanal.scheduler.api.door.CallThreads;
import dev.kanal.scheduler.api.http.Answer;
import dev.kanal.scheduler.api.http.Answers;
import dev.kanal.scheduler.api.http.Paths;
import dev.kanal.scheduler.api.jobs.Commands;
import dev.kanal.scheduler.api.json.Quoted;
import dev.kanal.scheduler.api.node.OwnerRouting;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.api.problem.RefusedException;
import dev.kanal.scheduler.engine.query.FlowReader;
import dev.kanal.scheduler.engine.query.FlowView;
import dev.kanal.scheduler.engine.query.JobReader;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Has a call about one flow handled by the node that owns the flow's shard. */
record AtFlow(CallThreads threads, JobReader jobs, FlowReader flows, OwnerRouting atOwner) {
  /** What a call does about the flow that its path names; on a call's own thread. */
  interface Body {
    Answer run(JobId flow) throws RefusedException;
  }

  /** Makes of a request what is asked about the flow; answers on the request's event loop. */
  interface Reading {
    Function<JobId, Future<Answer>> read(RoutingContext routing) throws RefusedException;
  }

  /** Asks about the flow where it lives. */
  void ask(RoutingContext routing, Reading reading) {
    HttpServerRequest request = routing.request();
    JobId flow = id(routing);
    if (flow == null) {
      Answers.problem(request, missing(routing));
      return;
    }
    try {
      Function<JobId, Future<Answer>> here = reading.read(routing);
      Answers.when(
          request, atOwner.later(request, flow.shard(), Buffer.buffer(), () -> here.apply(flow)));
    } catch (RefusedException e) {
      Answers.problem(request, e.problem());
    }
  }

  /**
   * Runs a body where the flow lives.
   *
   * @param bytes the body of the request
   */
  void run(RoutingContext routing, byte[] bytes, Body body) {
    HttpServerRequest request = routing.request();
    JobId flow = id(routing);
    if (flow == null) {
      Answers.problem(request, missing(routing));
      return;
    }
    threads.run(
        request,
        () -> atOwner.answer(request, flow.shard(), Buffer.buffer(bytes), () -> body.run(flow)));
  }

  /** The flow as it is; refused if there is none. */
  FlowView find(JobId flow) throws RefusedException {
    return switch (await(flows.find(flow), Commands::problem)) {
      case FlowReader.Answer.Found(FlowView view) -> view;
      case FlowReader.Answer.Missing() -> throw new RefusedException(missing(flow.toString()));
      case FlowReader.Answer.Unavailable(String why) ->
          throw new RefusedException(Problem.shardUnavailable(why));
    };
  }

  /** The flow that the path names; null if that is no id, or of a shard that there is not. */
  private @Nullable JobId id(RoutingContext routing) {
    JobId id = Paths.id(String.valueOf(routing.pathParam("id")));
    return id == null || id.shard() >= jobs.shards() ? null : id;
  }

  private static Problem missing(RoutingContext routing) {
    return missing(Quoted.of(String.valueOf(routing.pathParam("id"))));
  }

  static Problem missing(String flow) {
    return Problem.of(
        ErrorCode.NOT_FOUND, "Expected the id of a flow, but there is no flow " + flow);
  }
}
