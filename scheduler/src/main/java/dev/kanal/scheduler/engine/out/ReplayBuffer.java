package dev.kanal.scheduler.engine.out;

import dev.kanal.common.job.JobId;
import dev.kanal.scheduler.engine.step.Effect;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Keeps tasks back while a shard reads again what it had read before a crash: most of them have
 * been run meanwhile, and their outcomes follow in the log. Bounded; the oldest go first. Belongs
 * to the shard's thread.
 */
public final class ReplayBuffer {
  static final int CAPACITY = 10_000;

  private final Map<JobId, Effect.Dispatch> held = new LinkedHashMap<>();
  private final Consumer<Effect.Dispatch> target;

  public ReplayBuffer(Consumer<Effect.Dispatch> target) {
    this.target = target;
  }

  public void hold(Effect.Dispatch dispatch) {
    held.put(dispatch.task().job(), dispatch);
    if (held.size() > CAPACITY) {
      Iterator<Effect.Dispatch> oldest = held.values().iterator();
      target.accept(oldest.next());
      oldest.remove();
    }
  }

  /** The dispatch has been reported on: it need not be sent again. */
  public void settled(Effect.Settled settled) {
    Effect.Dispatch mine = held.get(settled.job());
    if (mine != null && mine.task().dispatch() <= settled.dispatch()) {
      held.remove(settled.job());
    }
  }

  /** Sends what is held. */
  public void release() {
    held.values().forEach(target);
    held.clear();
  }
}
