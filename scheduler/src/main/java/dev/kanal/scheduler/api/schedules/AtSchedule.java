package dev.kanal.scheduler.api.schedules;

import dev.kanal.common.log.Shards;
import dev.kanal.scheduler.api.door.CallThreads;
import dev.kanal.scheduler.api.http.Answer;
import dev.kanal.scheduler.api.node.OwnerRouting;
import dev.kanal.scheduler.api.problem.RefusedException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

/** Has a request about a schedule handled by the node that owns the schedule's shard. */
record AtSchedule(OwnerRouting atOwner, Shards shards) {
  int shardOf(String name) {
    return shards.ofSchedule(name);
  }

  /** Answers the request, as {@link OwnerRouting#handle} does. */
  void handle(HttpServerRequest request, String name, Buffer body, Runnable here) {
    atOwner.handle(request, shardOf(name), body, here);
  }

  /** Waits for its answer, as {@link OwnerRouting#answer} does. */
  Answer answer(HttpServerRequest request, String name, byte[] body, CallThreads.Body here)
      throws RefusedException {
    return atOwner.answer(request, shardOf(name), Buffer.buffer(body), here);
  }
}
