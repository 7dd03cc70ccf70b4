package dev.kanal.scheduler.api.events;

import dev.kanal.common.bulkaction.JobFilter;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobState;
import dev.kanal.common.task.LifecycleEvent.Transition;
import dev.kanal.scheduler.api.filter.FilterQuery;
import dev.kanal.scheduler.api.http.Answers;
import dev.kanal.scheduler.api.http.Paths;
import dev.kanal.scheduler.api.json.Quoted;
import dev.kanal.scheduler.api.node.AllOwners;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.engine.query.EventRing;
import dev.kanal.scheduler.engine.query.JobReader.Answer;
import dev.kanal.scheduler.engine.query.JobReader.Owner;
import dev.kanal.scheduler.engine.query.JobView;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /v1/events} and {@code GET /v1/jobs/{id}/events}: server-sent events. The same below
 * {@link dev.kanal.scheduler.api.http.Route#INTERNAL}: this node's part of another one's stream.
 */
final class EventsHandler {
  static final Set<String> QUERY = Set.of("queue", "type", "state");

  private final EventStreams streams;
  private final InstantSource clock;
  private final boolean forNodes;

  /**
   * @param forNodes another node asks: only the shards here are meant
   */
  EventsHandler(EventStreams streams, InstantSource clock, boolean forNodes) {
    this.streams = streams;
    this.clock = clock;
    this.forNodes = forNodes;
  }

  /** What happens to all jobs, from now on or from the client's last event on. */
  void all(RoutingContext routing) {
    HttpServerRequest request = routing.request();
    JobFilter filter;
    try {
      filter = FilterQuery.read(request.params());
    } catch (FilterQuery.MalformedException e) {
      Answers.problem(request, Problem.malformedQuery(String.valueOf(e.getMessage())));
      return;
    }
    if (!isHead(request)) {
      EventPositions known = known(request);
      stream(request, new EventFilter(null, filter), known).start();
    }
  }

  /** What happens to one job, to its end. */
  void job(RoutingContext routing) {
    HttpServerRequest request = routing.request();
    String text = String.valueOf(routing.pathParam("id"));
    JobId job = Paths.id(text);
    if (job == null || job.shard() >= streams.reader().shards()) {
      Answers.problem(request, Problem.noSuchJob(Quoted.of(text)));
      return;
    }
    if (isHead(request)) {
      return;
    }
    switch (streams.reader().ownerOf(job.shard())) {
      case Owner.Local() -> here(request, job);
      case Owner.Remote _ -> {
        if (forNodes) {
          away(request, job);
        } else {
          stream(request, new EventFilter(job, JobFilter.ALL), known(request)).start();
        }
      }
      case Owner.Unknown() -> away(request, job);
    }
  }

  private void here(HttpServerRequest request, JobId job) {
    EventRing ring = streams.reader().events(job.shard());
    if (ring == null) {
      away(request, job);
      return;
    }
    streams
        .owners()
        .here(streams.reader().find(job))
        .onSuccess(
            answer -> {
              switch (answer) {
                case Answer.Found(JobView view) -> stream(request, view, ring);
                case Answer.Missing() ->
                    Answers.problem(request, Problem.noSuchJob(job.toString()));
                case Answer.Unavailable(String why) ->
                    Answers.problem(request, Problem.shardUnavailable(why));
              }
            })
        .onFailure(failure -> Answers.problem(request, AllOwners.problem(failure)));
  }

  /** What the ring has of the job, or how it stands if there is nothing; then what comes. */
  private void stream(HttpServerRequest request, JobView job, EventRing ring) {
    int shard = job.id().shard();
    EventPositions known = known(request);
    EventRing.Reader now = ring.fromNow();
    EventRing.Reader reader = ring.from(job.id());
    if (known != null && known.isKnown(shard)) {
      EventRing.Reader rest = ring.after(known.of(shard));
      if (job.state().isFinal() && !rest.isUnsure() && !rest.hasMore(job.id())) {
        var _ = request.response().setStatusCode(204).end();
        return;
      }
      reader = rest.isUnsure() && reader == null ? null : rest;
    }
    EventStream stream = stream(request, new EventFilter(job.id(), JobFilter.ALL), known);
    stream.readFrom(shard, reader == null ? now : reader);
    stream.start();
    if (reader == null) {
      stream.sendFirst(shard, state(job));
    }
  }

  private Transition state(JobView job) {
    JobState state = job.state();
    String outcome = job.attempts().isEmpty() ? null : job.attempts().getLast().outcome();
    return new Transition(
        job.id(),
        clock.instant(),
        job.spec().type(),
        job.spec().queue(),
        state,
        job.attempt(),
        job.attempts().isEmpty() ? 0 : job.attempts().getLast().dispatch(),
        outcome,
        job.reason() == null ? null : job.reason().text(),
        null);
  }

  private EventStream stream(
      HttpServerRequest request, EventFilter filter, @Nullable EventPositions known) {
    boolean resumed = known != null;
    EventPositions positions =
        known == null ? new EventPositions(streams.reader().shards()) : known;
    EventStream.Asked asked = new EventStream.Asked(filter, forNodes, resumed);
    return new EventStream(streams, request, asked, positions);
  }

  /** What the client has had; null if it says nothing, or nothing that makes sense. */
  private @Nullable EventPositions known(HttpServerRequest request) {
    String id = request.getHeader("Last-Event-ID");
    return id == null || id.isEmpty() ? null : EventPositions.parse(id, streams.reader().shards());
  }

  /** Answers a HEAD: there is no stream to it. */
  private static boolean isHead(HttpServerRequest request) {
    boolean head = request.method().equals(HttpMethod.HEAD);
    if (head) {
      var _ = request.response().putHeader("Content-Type", EventText.MEDIA_TYPE).end();
    }
    return head;
  }

  private static void away(HttpServerRequest request, JobId job) {
    Answers.problem(
        request, Problem.shardUnavailable("Shard " + job.shard() + " is moving to another node"));
  }
}
