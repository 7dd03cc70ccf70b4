package dev.kanal.scheduler.api.schedules;

import dev.kanal.common.log.Shards;
import dev.kanal.scheduler.api.door.CallThreads;
import dev.kanal.scheduler.api.http.Answer;
import dev.kanal.scheduler.api.node.OwnerRouting;
import dev.kanal.scheduler.api.problem.RefusedException;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Supplier;

/** Has a request about a schedule handled by the node that owns the schedule's shard. */
record AtSchedule(OwnerRouting atOwner, Shards shards) {
  int shardOf(String name) {
    return shards.ofSchedule(name);
  }

  /** As {@link OwnerRouting#later} does, for a request without a body. */
  Future<Answer> later(HttpServerRequest request, String name, Supplier<Future<Answer>> here) {
    return atOwner.later(request, shardOf(name), Buffer.buffer(), here);
  }

  /** As {@link OwnerRouting#answer} does. */
  Answer answer(HttpServerRequest request, String name, byte[] body, CallThreads.Body here)
      throws RefusedException {
    return atOwner.answer(request, shardOf(name), Buffer.buffer(body), here);
  }
}
