package dev.kanal.scheduler.api.jobcommand;

import dev.kanal.common.config.LimitsConfig;
import dev.kanal.scheduler.api.http.Answers;
import dev.kanal.scheduler.api.http.BodyReader;
import dev.kanal.scheduler.api.http.Route;
import dev.kanal.scheduler.api.jobs.Commands;
import dev.kanal.scheduler.api.node.OwnerRouting;
import dev.kanal.scheduler.engine.query.JobReader;
import dev.kanal.scheduler.queues.QueueDirectory;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import java.time.InstantSource;
import java.util.List;

/** The calls that change one job; with what these work. */
public record JobCommandRoutes(
    Vertx vertx,
    JobReader reader,
    QueueDirectory queues,
    InstantSource clock,
    Commands commands,
    OwnerRouting atOwner,
    BodyReader bodies,
    LimitsConfig limits) {
  private static final String JOB = "/v1/jobs/{id}";

  public List<Route> all() {
    return List.of(
        bare(HttpMethod.POST, JOB + "/cancel", new JobCommand.Cancel()),
        read(JOB + "/retry", new RetryReading(bodies, clock, limits.payload())),
        read(JOB + "/reschedule", new RescheduleReading(bodies, clock)),
        Route.post(
            JOB + "/complete",
            Answers.JSON,
            new CompleteHandler(vertx, reader, commands, atOwner, limits.result())),
        bare(HttpMethod.POST, JOB + "/run-now", new JobCommand.RunNow()),
        bare(HttpMethod.DELETE, JOB, new JobCommand.Delete()));
  }

  private Route read(String path, JobCommandHandler.Reading reading) {
    return Route.post(path, Answers.JSON, handler(reading));
  }

  private Route bare(HttpMethod method, String path, JobCommand command) {
    return Route.bare(method, path, handler(JobCommandHandler.Reading.of(command)));
  }

  private JobCommandHandler handler(JobCommandHandler.Reading reading) {
    JobChanges changes = new JobChanges(reader, commands, queues);
    return new JobCommandHandler(vertx, reader, atOwner, changes, reading);
  }
}
