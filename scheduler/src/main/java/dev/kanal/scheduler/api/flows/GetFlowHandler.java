package dev.kanal.scheduler.api.flows;

import dev.kanal.common.job.JobId;
import dev.kanal.scheduler.api.http.Answer;
import dev.kanal.scheduler.api.http.Later;
import dev.kanal.scheduler.api.http.Preferences;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.engine.query.FlowReader;
import dev.kanal.scheduler.engine.query.FlowView;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.function.Function;

/** {@code GET /v1/flows/{id}}: a flow as it is, or as it ends; or its definition. */
final class GetFlowHandler implements Handler<RoutingContext> {
  private final AtFlow at;
  private final Function<FlowView, Buffer> writing;

  GetFlowHandler(AtFlow at, Function<FlowView, Buffer> writing) {
    this.at = at;
    this.writing = writing;
  }

  @Override
  public void handle(RoutingContext routing) {
    at.ask(
        routing,
        call -> {
          Duration wait = Preferences.waitOf(call.request());
          return flow -> here(flow, wait);
        });
  }

  private Future<Answer> here(JobId flow, Duration wait) {
    return Later.of(wait.isZero() ? at.flows().find(flow) : at.flows().awaitFinal(flow, wait))
        .map(
            found ->
                switch (found) {
                  case FlowReader.Answer.Found(var view) -> Answer.json(200, writing.apply(view));
                  case FlowReader.Answer.Missing() ->
                      Answer.problem(AtFlow.missing(flow.toString()));
                  case FlowReader.Answer.Unavailable(String why) ->
                      Answer.problem(Problem.shardUnavailable(why));
                });
  }
}
