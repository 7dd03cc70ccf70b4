package dev.kanal.check.mixed;

import dev.kanal.check.history.Run;
import dev.kanal.check.mix.MixedJob;
import dev.kanal.check.probe.Call;
import dev.kanal.check.probe.Play;
import dev.kanal.check.probe.Script;
import java.time.Duration;
import java.util.List;

/** Makes the probe play the parts of a mix. */
final class MixScript implements Script {
  private static final Play TICK = new Play(Duration.ZERO, Run.End.SUCCEEDED);

  private final List<MixedJob> mix;
  private final Canceller canceller;

  /**
   * @param mix each job at its number
   */
  MixScript(List<MixedJob> mix, Canceller canceller) {
    this.mix = List.copyOf(mix);
    this.canceller = canceller;
  }

  @Override
  public int index(String path) {
    return JobBodies.index(path);
  }

  @Override
  public Play play(Call call) {
    int index = index(call.path());
    return index == Run.TICK ? TICK : mix.get(index).play(call.attempt(), call.earlier());
  }

  @Override
  public void began(Call call) {
    int index = index(call.path());
    if (index != Run.TICK && call.earlier() == 0) {
      canceller.began(mix.get(index), call.job());
    }
  }
}
