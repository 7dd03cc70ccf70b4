package dev.kanal.scheduler.api;

import dev.kanal.common.channel.Position;
import dev.kanal.common.channel.Sink;
import dev.kanal.common.control.ControlMessage;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What workers are told. */
record ControlRecorder(List<ControlMessage> told) implements Sink<ControlMessage> {
  @Override
  public CompletableFuture<Position> send(ControlMessage message) {
    told.add(message);
    return CompletableFuture.completedFuture(new Position(0, told.size(), InMemoryShards.LOG_TIME));
  }

  @Override
  public void close() {}
}
