package dev.kanal.scheduler.api.jobcommand;

import dev.kanal.common.config.LimitsConfig;
import dev.kanal.scheduler.api.door.CallThreads;
import dev.kanal.scheduler.api.http.Answers;
import dev.kanal.scheduler.api.http.BodyReader;
import dev.kanal.scheduler.api.http.Route;
import dev.kanal.scheduler.api.jobs.Commands;
import dev.kanal.scheduler.api.node.OwnerRouting;
import dev.kanal.scheduler.engine.query.JobReader;
import dev.kanal.scheduler.queues.QueueDirectory;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.List;

/** The calls that change one job; with what these work. */
public record JobCommandRoutes(
    CallThreads threads,
    JobReader reader,
    QueueDirectory queues,
    InstantSource clock,
    Commands commands,
    OwnerRouting atOwner,
    BodyReader bodies,
    BodyReader resultBodies,
    LimitsConfig limits) {
  private static final String JOB = "/v1/jobs/{id}";

  public List<Route> all() {
    JobCommandHandler calls = new JobCommandHandler(threads, reader, atOwner);
    JobChanges changes = new JobChanges(reader, commands, queues);
    Completion completion = new Completion(threads, reader, commands, changes);
    RetryReading retry = new RetryReading(clock, limits.payload());
    RescheduleReading reschedule = new RescheduleReading(clock);
    return List.of(
        bare(HttpMethod.POST, "/cancel", calls.bare(new JobCommand.Cancel(), changes::make)),
        read("/retry", calls.read(bodies, retry, changes::make)),
        read("/reschedule", calls.read(bodies, reschedule, changes::make)),
        read(
            "/complete",
            calls.read(
                resultBodies, body -> CompletionParser.read(body, limits.result()), completion)),
        bare(HttpMethod.POST, "/run-now", calls.bare(new JobCommand.RunNow(), changes::make)),
        bare(HttpMethod.DELETE, "", calls.bare(new JobCommand.Delete(), changes::make)));
  }

  private static Route read(String path, Handler<RoutingContext> handler) {
    return Route.post(JOB + path, Answers.JSON, handler);
  }

  private static Route bare(HttpMethod method, String path, Handler<RoutingContext> handler) {
    return Route.bare(method, JOB + path, handler);
  }
}
