package dev.kanal.standalone;

import dev.kanal.common.config.ConfigException;
import dev.kanal.common.config.Sources;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** Reads {@code --key=value} arguments, and the file that they or the environment name. */
final class CommandLine {
  private static final String CONFIG = "config";
  private static final String CONFIG_VARIABLE = "KANAL_CONFIG";

  private CommandLine() {}

  static Sources read(List<String> arguments, Map<String, String> environment)
      throws ConfigException {
    Map<String, String> values = new HashMap<>();
    for (String argument : arguments) {
      int equals = argument.indexOf('=');
      if (!argument.startsWith("--") || equals < 0) {
        throw new ConfigException(
            List.of("Expected arguments of the form --key=value, but got " + argument));
      }
      values.put(argument.substring(2, equals), argument.substring(equals + 1));
    }
    String named = values.remove(CONFIG);
    String file = named == null ? environment.get(CONFIG_VARIABLE) : named;
    return new Sources(file == null ? Map.of() : load(Path.of(file)), environment, values);
  }

  private static Map<String, String> load(Path file) throws ConfigException {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      throw new ConfigException(
          List.of("Expected a settings file at " + file + ", but cannot read it: " + e));
    }
    Map<String, String> values = new HashMap<>();
    properties.stringPropertyNames().forEach(key -> values.put(key, properties.getProperty(key)));
    return values;
  }
}
