package dev.kanal.scheduler.api.jobs;

import dev.kanal.common.clock.Ticker;
import dev.kanal.scheduler.api.http.Answers;
import dev.kanal.scheduler.api.http.BodyReader;
import dev.kanal.scheduler.api.http.Route;
import dev.kanal.scheduler.api.node.AllOwners;
import dev.kanal.scheduler.api.node.OwnerRouting;
import dev.kanal.scheduler.api.spec.JobParser;
import dev.kanal.scheduler.engine.query.JobReader;
import java.util.List;
import java.util.Set;

/** The calls that take a job, and that show jobs; with what these work. */
public record JobRoutes(
    JobReader reader,
    Ticker ticker,
    Intake intake,
    JobParser parser,
    JobLookup lookup,
    OwnerRouting atOwner,
    AllOwners owners,
    BodyReader bodies) {
  private static final String ALL = "/v1/jobs";

  public List<Route> all() {
    ListJobsHandler list = new ListJobsHandler(reader, owners);
    GetJobHandler get = new GetJobHandler(lookup);
    return List.of(
        Route.post(ALL, Answers.JSON, submit()),
        Route.get(ALL, ListJobsHandler.QUERY, Answers.JSON, list),
        ListJobsHandler.QUESTION.answered(list::here),
        Route.get(ALL + "/{id}", Set.of("wait"), Answers.JSON, get),
        Route.get(Route.INTERNAL + ALL + "/{id}", Set.of("wait"), Answers.JSON, get::here),
        JobLogHandler.route(reader, atOwner),
        JobLifeHandler.route(reader, atOwner));
  }

  private SubmitHandler submit() {
    SubmitReading reading = new SubmitReading(bodies, parser, ticker);
    return new SubmitHandler(intake, atOwner, reading, new SubmitAnswers(lookup));
  }
}
