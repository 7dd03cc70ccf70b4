package dev.kanal.scheduler.api.events;

import dev.kanal.common.job.JobId;
import dev.kanal.common.task.LifecycleEvent.Transition;
import dev.kanal.scheduler.api.door.ClientPlaces;
import dev.kanal.scheduler.api.http.Answers;
import dev.kanal.scheduler.api.http.ProblemWriter;
import dev.kanal.scheduler.api.http.Route;
import dev.kanal.scheduler.api.node.NodeClient;
import dev.kanal.scheduler.engine.query.EventRing;
import dev.kanal.scheduler.engine.query.JobReader.Owner;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One client's events: read from the rings of this node's shards, and from the nodes of the others,
 * as fast as the client takes them and no faster. Follows the shards when they move. What a client
 * was too slow for, or what may be incomplete, becomes a {@code gap}. Belongs to the event loop of
 * its request.
 */
final class EventStream {
  private static final Duration LOOK_AROUND = Duration.ofSeconds(1);
  private static final Duration OPENING = Duration.ofSeconds(2);
  private static final int BATCH = 64;

  private final EventStreams all;
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final String client;

  /** It takes no place of a client, which only a node's address can say. */
  private final boolean ofNode;

  private final Asked asked;
  private final EventPositions positions;
  private final Context loop;
  private final AtomicBoolean woken = new AtomicBoolean();
  private final Runnable wake = this::wake;
  private final Map<Integer, EventRing.Reader> here = new HashMap<>();
  private final Map<NodeClient.Node, Feed> feeds = new HashMap<>();
  private final List<Long> timers = new ArrayList<>();
  private boolean opened;
  private boolean over;
  private String lastText = "";

  /**
   * What is asked for.
   *
   * @param filter which events
   * @param fromNode another node asks: only the shards here are meant
   * @param resumed the client knows what came before
   */
  record Asked(EventFilter filter, boolean fromNode, boolean resumed) {
    boolean isMeant(int shard) {
      JobId job = filter.job();
      return job == null || job.shard() == shard;
    }
  }

  EventStream(EventStreams all, HttpServerRequest request, Asked asked, EventPositions positions) {
    this.all = all;
    this.request = request;
    this.response = request.response();
    this.asked = asked;
    this.positions = positions;
    this.loop = all.vertx().getOrCreateContext();
    this.client = ClientPlaces.client(request);
    this.ofNode = asked.fromNode && all.owners().isOther(request);
  }

  /** Begins, unless there are too many. */
  void start() {
    if (response.closed() || !all.enter(ofNode, client)) {
      over = true;
      here.values().forEach(reader -> reader.ring().forget(wake));
      Answers.problem(request, all.full());
      return;
    }
    response.closeHandler(_ -> close());
    response.exceptionHandler(_ -> close());
    response.drainHandler(_ -> drained());
    lookAround();
    timers.add(all.vertx().setPeriodic(LOOK_AROUND.toMillis(), _ -> lookAround()));
    timers.add(all.vertx().setPeriodic(EventStreams.HEARTBEAT.toMillis(), _ -> heartbeat()));
    timers.add(all.vertx().setTimer(OPENING.toMillis(), _ -> open()));
    openIfSettled();
  }

  /** Tells how a job stands, as its first event. */
  void sendFirst(int shard, Transition state) {
    EventRing.Reader ring = here.get(shard);
    if (ring != null && !over) {
      open();
      positions.advance(shard, ring.position());
      write(EventText.STATE, shard, EventText.data(state));
      endAfter(state.state().isFinal());
    }
  }

  /** Reads events of the shard from here, wherever that is. */
  void readFrom(int shard, EventRing.Reader reader) {
    reader.ring().listen(wake);
    here.put(shard, reader);
  }

  private void wake() {
    if (woken.compareAndSet(false, true)) {
      loop.runOnContext(_ -> pump());
    }
  }

  /** Follows shards that have come, gone or moved. */
  private void lookAround() {
    if (over) {
      return;
    }
    pump();
    Set<NodeClient.Node> others = new HashSet<>();
    for (int shard = 0; shard < all.reader().shards(); shard++) {
      if (asked.isMeant(shard)) {
        Owner owner = all.reader().ownerOf(shard);
        follow(shard, owner instanceof Owner.Local ? all.reader().events(shard) : null);
        if (owner instanceof Owner.Remote(String host, int port) && !asked.fromNode) {
          others.add(new NodeClient.Node(host, port));
        }
      }
    }
    for (NodeClient.Node gone : Set.copyOf(feeds.keySet())) {
      if (!others.contains(gone)) {
        Feed feed = feeds.remove(gone);
        if (feed != null) {
          feed.remote.close();
        }
      }
    }
    others.forEach(node -> feeds.computeIfAbsent(node, Feed::new));
    pump();
    sendPositions();
  }

  private void follow(int shard, @Nullable EventRing ring) {
    EventRing.Reader reader = here.get(shard);
    if (reader != null && reader.ring() != ring) {
      reader.ring().forget(wake);
      here.remove(shard);
      reader = null;
    }
    if (ring != null && reader == null) {
      if (!positions.isKnown(shard) && !asked.fromNode && (asked.resumed || opened)) {
        gap(shard, 0);
      }
      readFrom(shard, positions.isKnown(shard) ? ring.after(positions.of(shard)) : ring.fromNow());
    }
  }

  /** Sends what is there, as long as the client takes it. */
  private void pump() {
    woken.set(false);
    if (!opened) {
      return;
    }
    boolean more = true;
    while (more) {
      more = false;
      for (Map.Entry<Integer, EventRing.Reader> each : Map.copyOf(here).entrySet()) {
        if (over || response.writeQueueFull()) {
          feeds.values().forEach(feed -> feed.remote.pause());
          return;
        }
        more |= send(each.getKey(), each.getValue());
      }
    }
  }

  private boolean send(int shard, EventRing.Reader reader) {
    EventRing.Batch batch = reader.read(BATCH);
    if (batch.lost() > 0 || batch.unsure()) {
      positions.advance(shard, batch.from());
      gap(shard, batch.lost());
    }
    for (EventRing.Numbered each : batch.events()) {
      boolean isNew = positions.advance(shard, each.sequence());
      if (isNew && asked.filter.isMeant(each.event())) {
        write(EventText.name(each.event()), shard, EventText.data(each.event()));
        endAfter(each.event() instanceof Transition to && to.state().isFinal());
      }
      if (over) {
        return false;
      }
    }
    positions.advance(shard, reader.position());
    return batch.events().size() == BATCH;
  }

  private void gap(int shard, long count) {
    JsonObject gap = EventText.gap(shard, count);
    write(
        EventText.GAP,
        shard,
        asked.fromNode ? gap.put("from", positions.of(shard)).encode() : gap.encode());
  }

  private void write(String name, int shard, String data) {
    open();
    boolean ownOnly = asked.fromNode || asked.filter.job() != null;
    String id =
        !positions.isKnown(shard)
            ? ""
            : ownOnly ? shard + ":" + positions.of(shard) : positions.id(shard);
    send(EventText.write(name, id, data));
  }

  private void send(Buffer text) {
    if (!over && !response.ended()) {
      var _ = response.write(text);
    }
  }

  /** The stream of one job is over with the job. */
  private void endAfter(boolean isFinal) {
    if (isFinal && asked.filter.job() != null && !over) {
      close();
      var _ = response.end();
    }
  }

  private void openIfSettled() {
    if (feeds.values().stream().allMatch(feed -> feed.settled)) {
      open();
    }
  }

  private void open() {
    if (opened || over) {
      return;
    }
    opened = true;
    response
        .setStatusCode(200)
        .setChunked(true)
        .putHeader("Content-Type", EventText.MEDIA_TYPE)
        .putHeader("Cache-Control", "no-store");
    send(Buffer.buffer(":\n\n"));
    sendPositions();
    feeds.values().forEach(feed -> feed.remote.resume());
    wake();
  }

  private void heartbeat() {
    if (opened && !over && !response.writeQueueFull()) {
      boolean ownOnly = asked.fromNode || asked.filter.job() != null;
      send(EventText.heartbeat(ownOnly ? "" : positions.id(-1)));
    }
  }

  /** Another node learns how far the shards here are, also while they have no events. */
  private void sendPositions() {
    boolean ofOneJob = asked.filter.job() != null;
    if (!asked.fromNode || ofOneJob || !opened || response.writeQueueFull()) {
      return;
    }
    JsonObject now = new JsonObject();
    here.forEach((shard, reader) -> now.put(Integer.toString(shard), reader.position()));
    String text = now.encode();
    if (!text.equals(lastText)) {
      lastText = text;
      send(EventText.write(EventText.POSITIONS, "", text));
    }
  }

  private void drained() {
    if (opened && !over) {
      feeds.values().forEach(feed -> feed.remote.resume());
      pump();
    }
  }

  private void close() {
    if (over) {
      return;
    }
    over = true;
    timers.forEach(timer -> all.vertx().cancelTimer(timer));
    here.values().forEach(reader -> reader.ring().forget(wake));
    feeds.values().forEach(feed -> feed.remote.close());
    all.leave(ofNode, client);
  }

  /** Another node's part of this stream. */
  private final class Feed implements RemoteFeed.Listener {
    private final NodeClient.Node node;
    private final boolean late = opened;
    private final RemoteFeed remote;
    private boolean settled;

    Feed(NodeClient.Node node) {
      this.node = node;
      String uri = Route.INTERNAL + request.path() + NodeClient.query(request);
      this.remote = RemoteFeed.open(all.client(), node, uri, positions.id(-1), this);
    }

    @Override
    public void opened() {
      settled = true;
      if (opened) {
        remote.resume();
      } else {
        openIfSettled();
      }
    }

    @Override
    public void refused(int status, Buffer body) {
      if (asked.filter.job() == null) {
        ended();
      } else if (opened) {
        endAfter(status == 204 || status == 404);
        ended();
      } else {
        close();
        if (status == 204) {
          var _ = response.setStatusCode(status).end();
        } else {
          Answers.send(request, status, ProblemWriter.MEDIA_TYPE, body);
        }
      }
    }

    @Override
    public void ended() {
      settled = true;
      feeds.remove(node, this);
      openIfSettled();
    }

    @Override
    public void event(String name, String id, String data) {
      switch (name) {
        case EventText.POSITIONS -> positions(new JsonObject(data));
        case EventText.GAP -> gap(new JsonObject(data));
        default -> relay(name, id, data);
      }
      if (response.writeQueueFull()) {
        remote.pause();
      }
    }

    private void positions(JsonObject news) {
      for (String shard : news.fieldNames()) {
        int number = Integer.parseInt(shard);
        if (!positions.isKnown(number) && (asked.resumed || late)) {
          EventStream.this.gap(number, 0);
        }
        positions.advance(number, news.getLong(shard));
      }
    }

    private void gap(JsonObject gap) {
      int shard = gap.getInteger("shard");
      if (positions.advance(shard, gap.getLong("from"))) {
        EventStream.this.gap(shard, gap.getLong("count", 0L));
      }
    }

    private void relay(String name, String id, String data) {
      int colon = id.indexOf(':');
      int shard = Integer.parseInt(id.substring(0, colon));
      if (positions.advance(shard, Long.parseLong(id.substring(colon + 1)))) {
        write(name, shard, data);
        if (asked.filter.job() != null) {
          String state = new JsonObject(data).getString("state", "");
          endAfter(EventText.isFinal(state));
        }
      }
    }
  }
}
