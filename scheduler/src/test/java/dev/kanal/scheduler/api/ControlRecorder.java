package dev.kanal.scheduler.api;

import dev.kanal.common.channel.Position;
import dev.kanal.common.channel.Sink;
import dev.kanal.common.control.ControlMessage;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The messages to workers. */
record ControlRecorder(List<ControlMessage> sent) implements Sink<ControlMessage> {
  @Override
  public CompletableFuture<Position> send(ControlMessage message) {
    sent.add(message);
    return CompletableFuture.completedFuture(new Position(0, sent.size(), InMemoryShards.LOG_TIME));
  }

  @Override
  public void close() {}
}
