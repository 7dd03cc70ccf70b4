package dev.kanal.scheduler.api.events;

import dev.kanal.common.door.Places;
import dev.kanal.scheduler.api.http.Route;
import dev.kanal.scheduler.api.node.AllOwners;
import dev.kanal.scheduler.engine.query.JobReader;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;

/** The calls that stream events. */
public final class EventRoutes {
  private EventRoutes() {}

  /**
   * @param places of clients' streams
   */
  public static List<Route> of(
      Vertx vertx, JobReader reader, AllOwners owners, Places places, InstantSource clock) {
    EventStreams streams = new EventStreams(vertx, reader, owners, places);
    EventsHandler events = new EventsHandler(streams, clock, false);
    EventsHandler parts = new EventsHandler(streams, clock, true);
    return List.of(
        job("", events), all("", events), job(Route.INTERNAL, parts), all(Route.INTERNAL, parts));
  }

  private static Route job(String below, EventsHandler events) {
    return Route.get(below + "/v1/jobs/{id}/events", Set.of(), EventText.MEDIA_TYPE, events::job);
  }

  private static Route all(String below, EventsHandler events) {
    return Route.get(below + "/v1/events", EventsHandler.QUERY, EventText.MEDIA_TYPE, events::all);
  }
}
