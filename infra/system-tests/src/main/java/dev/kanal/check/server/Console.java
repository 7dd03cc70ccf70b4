package dev.kanal.check.server;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/** Prints what happens in a check. Lines of several threads do not mix. */
public final class Console {
  private final PrintWriter out;

  public Console(PrintWriter out) {
    this.out = out;
  }

  public void say(String line) {
    out.println(line);
    out.flush();
  }

  /** A count with its thousands set apart. */
  public static String count(long n) {
    return String.format(Locale.ROOT, "%,d", n);
  }

  /** A duration as a person says it, such as {@code 1.5 s} or {@code 4m 58s}. */
  public static String time(Duration duration) {
    if (duration.compareTo(Duration.ofMinutes(1)) >= 0) {
      return duration.toMinutes() + "m " + duration.toSecondsPart() + "s";
    }
    return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
  }
}
