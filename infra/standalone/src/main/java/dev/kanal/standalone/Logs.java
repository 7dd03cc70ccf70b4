package dev.kanal.standalone;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import dev.kanal.common.config.LogConfig;
import dev.kanal.common.telemetry.Telemetry;
import io.opentelemetry.instrumentation.logback.appender.v1_0.OpenTelemetryAppender;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * How this process logs: as {@code logback.xml} says, until the settings are known. To be changed
 * before anything but the start logs.
 */
final class Logs {
  private Logs() {}

  /**
   * Takes in libraries that log by other means, too; a repeated problem is not logged without end.
   */
  static void begin() {
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
  }

  /** As the settings say, and by OTLP if that is asked for. */
  static void use(LogConfig config, Telemetry telemetry) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    Set<OncePerSecond> limiters = limiters(context);
    if (config.json()) {
      limiters.forEach(
          limiter ->
              limiter
                  .iteratorForAppenders()
                  .forEachRemaining(
                      each -> {
                        if (each instanceof ConsoleAppender<ILoggingEvent> console) {
                          asJson(context, console);
                        }
                      }));
    }
    if (telemetry.logs()) {
      Appender<ILoggingEvent> sender = sender(context, telemetry);
      limiters.forEach(limiter -> limiter.addAppender(sender));
    }
  }

  /** All log lines go through one of these. */
  private static Set<OncePerSecond> limiters(LoggerContext context) {
    Set<OncePerSecond> limiters = new HashSet<>();
    for (Logger logger : context.getLoggerList()) {
      logger
          .iteratorForAppenders()
          .forEachRemaining(
              each -> {
                if (each instanceof OncePerSecond limiter) {
                  limiters.add(limiter);
                }
              });
    }
    return limiters;
  }

  private static void asJson(LoggerContext context, ConsoleAppender<ILoggingEvent> console) {
    JsonEncoder encoder = new JsonEncoder();
    encoder.setContext(context);
    encoder.setWithSequenceNumber(false);
    encoder.setWithContext(false);
    encoder.setWithNanoseconds(false);
    encoder.setWithMessage(false);
    encoder.setWithArguments(false);
    encoder.setWithFormattedMessage(true);
    encoder.start();
    console.stop();
    console.setEncoder(encoder);
    console.start();
  }

  private static Appender<ILoggingEvent> sender(LoggerContext context, Telemetry telemetry) {
    OpenTelemetryAppender appender = new OpenTelemetryAppender();
    appender.setContext(context);
    appender.setName("otlp");
    appender.setMdcAttributesIncluded("*");
    appender.setOpenTelemetry(telemetry.api());
    appender.start();
    return appender;
  }
}
