package dev.kanal.scheduler.api.flows;

import com.fasterxml.jackson.core.JsonParser;
import dev.kanal.common.config.LimitsConfig;
import dev.kanal.common.flow.FlowSpec;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.scheduler.api.door.CallThreads;
import dev.kanal.scheduler.api.filter.FilterQuery.MalformedException;
import dev.kanal.scheduler.api.format.LogFormats;
import dev.kanal.scheduler.api.http.Answers;
import dev.kanal.scheduler.api.http.BodyReader;
import dev.kanal.scheduler.api.http.Route;
import dev.kanal.scheduler.api.jobs.Commands;
import dev.kanal.scheduler.api.json.FieldReader;
import dev.kanal.scheduler.api.json.JsonBody;
import dev.kanal.scheduler.api.node.AllOwners;
import dev.kanal.scheduler.api.node.OwnerRouting;
import dev.kanal.scheduler.api.problem.RefusedException;
import dev.kanal.scheduler.api.spec.JobParser;
import dev.kanal.scheduler.engine.query.FlowReader;
import dev.kanal.scheduler.engine.query.JobReader;
import dev.kanal.scheduler.queues.QueueDirectory;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The calls about flows; with what these work. */
public record FlowRoutes(
    Vertx vertx,
    CallThreads threads,
    JobReader jobs,
    FlowReader flows,
    QueueDirectory queues,
    Commands commands,
    OwnerRouting atOwner,
    AllOwners owners,
    InstantSource clock,
    RandomGenerator random,
    LogFormats formats,
    JobParser parser,
    LimitsConfig limits) {
  private static final String ALL = "/v1/flows";
  private static final String ONE = ALL + "/{id}";
  private static final String NDJSON = "application/x-ndjson";

  public List<Route> all() {
    AtFlow at = new AtFlow(threads, jobs, flows, atOwner);
    FlowCommands of = new FlowCommands(at, commands);
    ListFlowsHandler list = new ListFlowsHandler(flows, owners);
    return List.of(
        Route.post(ALL, Answers.JSON, this::submit),
        Route.get(ALL, ListFlowsHandler.QUERY, Answers.JSON, list),
        ListFlowsHandler.QUESTION.answered(list::here),
        Route.get(ONE, Set.of("wait"), Answers.JSON, new GetFlowHandler(at, FlowViewWriter::write)),
        Route.get(
            ONE + "/definition",
            Set.of(),
            Answers.JSON,
            new GetFlowHandler(at, view -> FlowWriter.write(view.spec()))),
        new Route(
            HttpMethod.POST,
            ONE + "/cancel",
            Set.of("all"),
            null,
            Answers.JSON,
            routing -> cancel(routing, at, of)),
        Route.bare(HttpMethod.DELETE, ONE, routing -> at.run(routing, new byte[0], of::delete)),
        Route.post(ONE + "/events/{event}", Answers.JSON, routing -> signal(routing, at, of)),
        Route.get(
            ONE + "/steps/{step}/members",
            FlowMembersHandler.QUERY,
            Answers.JSON,
            new FlowMembersHandler(at)),
        new Route(
            HttpMethod.POST,
            ONE + "/steps/{step}/items",
            Set.of("seq", "close"),
            NDJSON,
            Answers.JSON,
            routing -> add(routing, at)));
  }

  private void submit(RoutingContext routing) {
    HttpServerRequest request = routing.request();
    FlowParser flowParser =
        new FlowParser(limits, clock, queue -> queues.settings(queue).defaults());
    FlowSubmits submits =
        new FlowSubmits(
            threads, formats, flowParser, queues, jobs, flows, commands, atOwner, clock, random);
    new BodyReader(vertx, FlowSpec.BYTES_MAX + 1)
        .read(request, body -> threads.run(request, () -> submits.submit(request, body)));
  }

  private static void cancel(RoutingContext routing, AtFlow at, FlowCommands of) {
    HttpServerRequest request = routing.request();
    try {
      boolean all = bool(request, "all");
      at.run(routing, new byte[0], flow -> of.cancel(flow, all));
    } catch (MalformedException e) {
      refuse(request, e);
    }
  }

  private void signal(RoutingContext routing, AtFlow at, FlowCommands of) {
    String event = String.valueOf(routing.pathParam("event"));
    new BodyReader(vertx, limits.payload() + BodyReader.OVERHEAD)
        .read(
            routing.request(),
            body -> at.run(routing, body, (JobId flow) -> of.signal(flow, event, payload(body))));
  }

  private static JsonBytes payload(byte[] body) throws RefusedException {
    EventFields event = JsonBody.read(body, 0, body.length, json -> EventFields.read(json, body));
    if (!event.fields.errors().isEmpty()) {
      throw event.fields.refusal();
    }
    return event.payload;
  }

  /** An event while it is read. */
  private record EventFields(FieldReader fields, JsonBytes payload) {
    static EventFields read(JsonParser json, byte[] body) throws IOException {
      FieldReader fields = new FieldReader(json);
      JsonBytes[] payload = {JsonBytes.NULL};
      fields.object(
          "",
          "payload",
          name -> {
            if (!name.equals("payload")) {
              return false;
            }
            payload[0] = JsonBody.value(json, body, 0);
            return true;
          });
      return new EventFields(fields, payload[0]);
    }
  }

  private void add(RoutingContext routing, AtFlow at) {
    HttpServerRequest request = routing.request();
    try {
      long sequence = sequence(request);
      boolean close = bool(request, "close");
      String step = String.valueOf(routing.pathParam("step"));
      FlowItems items = new FlowItems(at, commands, parser, queues, limits.bulkLine());
      new BodyReader(vertx, FlowItems.BODY_MAX)
          .read(
              request,
              body ->
                  at.run(
                      routing,
                      body,
                      flow -> items.add(flow, new FlowItems.Adding(step, sequence, close), body)));
    } catch (MalformedException e) {
      refuse(request, e);
    }
  }

  private static long sequence(HttpServerRequest request) throws MalformedException {
    @Nullable String text = request.getParam("seq");
    if (text == null || !text.matches("[1-9]\\d{0,17}")) {
      throw new MalformedException("seq", "a number from 1 on", String.valueOf(text));
    }
    return Long.parseLong(text);
  }

  private static boolean bool(HttpServerRequest request, String name) throws MalformedException {
    String text = request.getParam(name, "false");
    if (!text.equals("true") && !text.equals("false")) {
      throw new MalformedException(name, "true or false", text);
    }
    return text.equals("true");
  }

  private static void refuse(HttpServerRequest request, MalformedException e) {
    Answers.problem(request, e.refusal().problem());
  }
}
