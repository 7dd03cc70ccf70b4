package dev.kanal.scheduler.api.events;

import dev.kanal.scheduler.api.node.NodeClient;
import dev.kanal.scheduler.api.node.OldQuestions;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import org.jspecify.annotations.Nullable;

/**
 * The events of another node's shards. Reads no further than its listener lets it: one who is slow
 * keeps nobody else waiting. Belongs to one event loop.
 */
final class RemoteFeed implements EventReader.Sink {
  private final HttpClient client;
  private final Listener listener;
  private final EventReader reader = new EventReader(this);
  private @Nullable HttpClientRequest request;
  private @Nullable HttpClientResponse response;
  private boolean paused = true;
  private boolean over;

  private RemoteFeed(HttpClient client, Listener listener) {
    this.client = client;
    this.listener = listener;
  }

  /** Receives what comes, until the end. */
  interface Listener extends EventReader.Sink {
    /**
     * The other node streams: from now on nothing is missed. Nothing is read before {@link
     * #resume}.
     */
    void opened();

    /** The other node answered something else than a stream; the end. */
    void refused(int status, Buffer body);

    /** The stream ended, or never began. */
    void ended();
  }

  /**
   * Asks {@code node} for what came after {@code lastEventId}, or from now on if it is empty. One
   * that answers 404 is asked as the release before was.
   *
   * @param uri of an internal call
   */
  static RemoteFeed open(
      HttpClient client, NodeClient.Node node, String uri, String lastEventId, Listener listener) {
    RemoteFeed feed = new RemoteFeed(client, listener);
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.GET)
            .setHost(node.host())
            .setPort(node.port())
            .setURI(uri);
    if (!lastEventId.isEmpty()) {
      options.putHeader("Last-Event-ID", lastEventId);
    }
    feed.ask(options)
        .compose(
            answer ->
                answer.statusCode() == 404
                    ? feed.ask(OldQuestions.asBefore(options))
                    : Future.succeededFuture(answer))
        .onSuccess(feed::answered)
        .onFailure(_ -> feed.end());
    return feed;
  }

  private Future<HttpClientResponse> ask(RequestOptions options) {
    // Within a step, since a client that is closed throws.
    return Future.succeededFuture()
        .compose(_ -> client.request(options))
        .compose(
            asking -> {
              request = asking;
              return asking.send();
            });
  }

  void pause() {
    paused = true;
    if (response != null) {
      response.pause();
    }
  }

  void resume() {
    paused = false;
    if (response != null) {
      response.resume();
    }
  }

  /** Nothing is passed on any more. */
  void close() {
    over = true;
    if (request != null) {
      var _ = request.reset();
    }
  }

  @Override
  public void event(String name, String id, String data) {
    if (!over) {
      listener.event(name, id, data);
    }
  }

  private void answered(HttpClientResponse answer) {
    if (over) {
      var _ = answer.request().reset();
    } else if (answer.statusCode() == 200) {
      answer.exceptionHandler(_ -> end());
      answer.endHandler(_ -> end());
      answer.handler(this::read);
      if (paused) {
        answer.pause();
      }
      response = answer;
      listener.opened();
    } else {
      answer
          .body()
          .onSuccess(
              body -> {
                if (!over) {
                  over = true;
                  listener.refused(answer.statusCode(), body);
                }
              })
          .onFailure(_ -> end());
    }
  }

  private void read(Buffer chunk) {
    try {
      reader.read(chunk);
    } catch (IllegalStateException e) {
      close();
      listener.ended();
    }
  }

  private void end() {
    if (!over) {
      over = true;
      listener.ended();
    }
  }
}
