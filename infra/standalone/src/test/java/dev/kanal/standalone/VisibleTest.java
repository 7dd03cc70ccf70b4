package dev.kanal.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.joran.spi.JoranException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the layout of this process does with text from others. */
final class VisibleTest {
  private static final String RED = "\u001b[31mred\u001b]0;title\u0007";
  private final LoggerContext context = new LoggerContext();

  @ParameterizedTest
  @ValueSource(strings = {"ROOT", "org.apache.kafka"})
  void shouldLetNoControlsReachATerminal(String logger) throws JoranException {
    IllegalStateException failure = new IllegalStateException(RED + "\nforged", cause());

    String line = line(logger, RED + "\u009b1m\u202e\u007f\r", failure);

    assertTrue(line.contains("␛[31mred␛]0;title␇[U+009B]1m[U+202E]␡"), line);
    assertFalse(line.chars().anyMatch(each -> each < ' ' && each != '\n' && each != '\t'), line);
    assertFalse(line.chars().anyMatch(each -> each >= 0x7F && each <= 0x9F), line);
    assertFalse(line.contains("\nforged"), line);
  }

  @Test
  void shouldIndentAFurtherLine_soThatNoneCanBeForged() throws JoranException {
    String line = line("ROOT", "first\n12:00:00.000 ERROR Forged: second\r\nthird", null);

    assertEquals(
        List.of("\t12:00:00.000 ERROR Forged: second", "\tthird"), line.lines().skip(1).toList());
  }

  @Test
  void shouldLeaveTextAlone() throws JoranException {
    assertTrue(line("ROOT", "a\tb ü שלום 👩‍👩‍👧", null).contains("a\tb ü שלום 👩‍👩‍👧"));
  }

  private static Exception cause() {
    return new Exception("of\u001b[0m");
  }

  /** As the appender of a logger writes it, by the configuration of the process itself. */
  private String line(String logger, String message, @Nullable Throwable failure)
      throws JoranException {
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    configurator.doConfigure(requireNonNull(VisibleTest.class.getResource("/logback.xml")));
    Logger logging = context.getLogger(logger);
    LoggingEvent event = new LoggingEvent("", logging, Level.ERROR, message, failure, null);
    event.setMDCPropertyMap(Map.of());
    OncePerSecond once = (OncePerSecond) logging.iteratorForAppenders().next();
    var console = (ConsoleAppender<ILoggingEvent>) once.iteratorForAppenders().next();
    return new String(console.getEncoder().encode(event), UTF_8);
  }
}
