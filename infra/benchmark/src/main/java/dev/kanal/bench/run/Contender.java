package dev.kanal.bench.run;

import java.util.function.Supplier;

/**
 * What is measured: Kanal, a rival, or a limit that nobody can pass.
 *
 * @param missing why it cannot run on this machine; empty if it can
 * @param run the trial itself
 */
public record Contender(String name, Supplier<String> missing, Run run) {
  /** A trial, in a process of its own. */
  @FunctionalInterface
  public interface Run {
    /**
     * @throws Exception whatever went wrong; the trial has failed then
     */
    Measures of(Trial trial) throws Exception;
  }

  public static Contender of(String name, Run run) {
    return new Contender(name, () -> "", run);
  }
}
