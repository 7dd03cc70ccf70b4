package dev.kanal.check.probe;

/** Decides what is done about calls. Asked on the threads of the probe; must not block. */
public interface Script {
  /** The number of the job in its run that a path stands for. */
  int index(String path);

  Play play(Call call);

  /** A run has begun. */
  default void began(Call call) {}
}
