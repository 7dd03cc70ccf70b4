package dev.kanal.bench.rest;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** One event loop's part of the bare endpoint. */
final class BareListener extends VerticleBase {
  private static final int ACCEPTED = 202;
  private static final int UNAVAILABLE = 503;

  private final Producer<byte[], byte[]> producer;
  private final String topic;
  private final int port;

  BareListener(Producer<byte[], byte[]> producer, String topic, int port) {
    this.producer = producer;
    this.topic = topic;
    this.port = port;
  }

  @Override
  public Future<?> start() {
    return vertx
        .createHttpServer()
        .requestHandler(request -> request.bodyHandler(body -> produce(request, body)))
        .listen(port, "127.0.0.1");
  }

  private void produce(HttpServerRequest request, Buffer body) {
    var _ =
        producer.send(
            new ProducerRecord<>(topic, body.getBytes()),
            (_, e) -> context.runOnContext(_ -> answer(request, e == null)));
  }

  private static void answer(HttpServerRequest request, boolean taken) {
    var _ =
        request
            .response()
            .setStatusCode(taken ? ACCEPTED : UNAVAILABLE)
            .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
            .end("{}");
  }
}
