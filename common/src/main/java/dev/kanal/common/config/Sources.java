package dev.kanal.common.config;

import java.util.Map;

/**
 * Where settings come from; later ones win.
 *
 * @param file keys and values of the file, empty without one
 * @param environment all variables of the process
 * @param arguments keys and values of the command line
 */
public record Sources(
    Map<String, String> file, Map<String, String> environment, Map<String, String> arguments) {
  public Sources {
    file = Map.copyOf(file);
    environment = Map.copyOf(environment);
    arguments = Map.copyOf(arguments);
  }

  /** Nothing but defaults. */
  public static Sources none() {
    return new Sources(Map.of(), Map.of(), Map.of());
  }
}
