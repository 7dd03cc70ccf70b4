package dev.kanal.standalone;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import ch.qos.logback.core.spi.AppenderAttachable;
import ch.qos.logback.core.spi.AppenderAttachableImpl;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Passes on at most one warning or error a second of each kind: of one logger and one message, with
 * any arguments. How many were left out is logged with the next, or when anything is logged a
 * second after the last. Lines for information are all passed on. Usable from any thread.
 */
public final class OncePerSecond extends UnsynchronizedAppenderBase<ILoggingEvent>
    implements AppenderAttachable<ILoggingEvent> {
  static final long EVERY_MS = 1_000;

  /** Kinds that are distinguished; of further kinds everything is logged. */
  static final int KINDS_MAX = 1_000;

  private final AppenderAttachableImpl<ILoggingEvent> appenders = new AppenderAttachableImpl<>();
  private final Map<String, Trouble> troubles = new ConcurrentHashMap<>();

  /** One kind; guarded by itself. */
  private static final class Trouble {
    long loggedMs;
    int left;
    ILoggingEvent last;

    Trouble(ILoggingEvent first) {
      this.last = first;
      this.loggedMs = first.getTimeStamp() - EVERY_MS;
    }
  }

  /** For Logback. */
  public OncePerSecond() {}

  @Override
  protected void append(ILoggingEvent event) {
    logLeft(event.getTimeStamp());
    if (!event.getLevel().isGreaterOrEqual(Level.WARN)) {
      appenders.appendLoopOnAppenders(event);
      return;
    }
    String kind = event.getLoggerName() + '\n' + event.getMessage();
    Trouble trouble = troubles.get(kind);
    if (trouble == null) {
      if (troubles.size() >= KINDS_MAX) {
        appenders.appendLoopOnAppenders(event);
        return;
      }
      trouble = troubles.computeIfAbsent(kind, _ -> new Trouble(event));
    }
    if (isNow(trouble, event)) {
      appenders.appendLoopOnAppenders(event);
    }
  }

  private static boolean isNow(Trouble trouble, ILoggingEvent event) {
    synchronized (trouble) {
      trouble.last = event;
      if (event.getTimeStamp() - trouble.loggedMs < EVERY_MS) {
        trouble.left++;
        return false;
      }
      trouble.loggedMs = event.getTimeStamp();
      return true;
    }
  }

  private void logLeft(long nowMs) {
    if (troubles.isEmpty()) {
      return;
    }
    troubles
        .entrySet()
        .removeIf(
            each -> {
              Trouble trouble = each.getValue();
              synchronized (trouble) {
                if (nowMs - trouble.loggedMs < EVERY_MS) {
                  return false;
                }
                if (trouble.left > 0) {
                  appenders.appendLoopOnAppenders(more(trouble));
                }
                return true;
              }
            });
  }

  private static ILoggingEvent more(Trouble trouble) {
    LoggingEvent event = new LoggingEvent();
    event.setLoggerName(trouble.last.getLoggerName());
    event.setLevel(trouble.last.getLevel());
    event.setThreadName(trouble.last.getThreadName());
    event.setInstant(trouble.last.getInstant());
    event.setLoggerContextRemoteView(trouble.last.getLoggerContextVO());
    event.setMDCPropertyMap(Map.of());
    event.setMessage(
        trouble.left
            + " more of these in a second, such as: "
            + trouble.last.getFormattedMessage());
    return event;
  }

  @Override
  public void addAppender(Appender<ILoggingEvent> appender) {
    appenders.addAppender(appender);
  }

  @Override
  public Iterator<Appender<ILoggingEvent>> iteratorForAppenders() {
    return appenders.iteratorForAppenders();
  }

  @Override
  public Appender<ILoggingEvent> getAppender(String name) {
    return appenders.getAppender(name);
  }

  @Override
  public boolean isAttached(Appender<ILoggingEvent> appender) {
    return appenders.isAttached(appender);
  }

  @Override
  public void detachAndStopAllAppenders() {
    appenders.detachAndStopAllAppenders();
  }

  @Override
  public boolean detachAppender(Appender<ILoggingEvent> appender) {
    return appenders.detachAppender(appender);
  }

  @Override
  public boolean detachAppender(String name) {
    return appenders.detachAppender(name);
  }
}
