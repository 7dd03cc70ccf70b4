package dev.kanal.check.server;

import java.net.URI;
import java.time.Duration;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of every check: which server, and how long. */
public final class ServerOptions {
  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init") // picocli sets it before any option is read
  private CommandSpec spec;

  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "Address of a Kanal server (default: ${DEFAULT-VALUE}).")
  private URI url = URI.create("http://127.0.0.1:8080");

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      converter = HumanDuration.class,
      description = "The whole run ends after this long (default: ${DEFAULT-VALUE}).")
  private Duration timeout;

  public ServerOptions() {
    this(Duration.ofMinutes(5));
  }

  /**
   * @param timeout unless given
   */
  public ServerOptions(Duration timeout) {
    this.timeout = timeout;
  }

  /** The address; a usage error unless it is one of http. */
  public URI url() {
    boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
    if (!http || url.getHost() == null || url.getQuery() != null) {
      throw new ParameterException(
          spec.commandLine(),
          "Expected --url to be like http://127.0.0.1:8080, but it is '" + url + "'");
    }
    return url;
  }

  /** Where the command prints. */
  public Console console() {
    return new Console(spec.commandLine().getOut());
  }

  public Duration timeout() {
    return timeout;
  }

  /** Fails with a usage error unless the value of an option is within its bounds. */
  public void requireWithin(String option, long value, long least, long most) {
    if (value < least || value > most) {
      throw new ParameterException(
          spec.commandLine(),
          "Expected %s to be %d to %d, but it is %d".formatted(option, least, most, value));
    }
  }
}
