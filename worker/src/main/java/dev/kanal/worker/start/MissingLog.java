package dev.kanal.worker.start;

import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.LoggerFactory;
import org.slf4j.helpers.NOPLoggerFactory;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * Reports on standard error that a program has no backend for its log. A program that uses SLF4J's
 * provider that drops everything gets no report.
 */
public final class MissingLog {
  private static final AtomicBoolean said = new AtomicBoolean();

  private MissingLog() {}

  /** One line on standard error, once in the life of the program. */
  public static void warn() {
    if (LoggerFactory.getILoggerFactory() instanceof NOPLoggerFactory
        && isWithoutProvider()
        && said.compareAndSet(false, true)) {
      System.err.println(
          "kanal: there is no SLF4J provider, so the worker's log goes nowhere; add one, such as"
              + " ch.qos.logback:logback-classic or org.slf4j:slf4j-simple (org.slf4j:slf4j-nop"
              + " for silence)");
    }
  }

  private static boolean isWithoutProvider() {
    ClassLoader loader = LoggerFactory.class.getClassLoader();
    return System.getProperty("slf4j.provider") == null
        && ServiceLoader.load(SLF4JServiceProvider.class, loader).stream().findAny().isEmpty();
  }
}
