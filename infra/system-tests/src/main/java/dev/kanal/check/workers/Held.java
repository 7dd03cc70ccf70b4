package dev.kanal.check.workers;

import dev.kanal.check.history.Run;
import dev.kanal.check.probe.Call;
import dev.kanal.check.probe.Play;
import dev.kanal.check.probe.Script;
import java.time.Duration;

/** Holds each call for the milliseconds at the end of its path, {@code /NUMBER/MILLISECONDS}. */
final class Held implements Script {
  @Override
  public int index(String path) {
    return Integer.parseInt(path.split("/", -1)[1]);
  }

  @Override
  public Play play(Call call) {
    long millis = Long.parseLong(call.path().split("/", -1)[2]);
    return new Play(Duration.ofMillis(millis), Run.End.SUCCEEDED);
  }
}
