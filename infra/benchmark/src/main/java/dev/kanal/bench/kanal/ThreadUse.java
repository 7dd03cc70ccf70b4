package dev.kanal.bench.kanal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a thread of another JVM has used since it started; those of the JVM itself are threads, too.
 *
 * @param name as a thread dump has it
 * @param cpuSeconds processor time
 * @param switches how often it gave up a processor or lost it; 0 where the system does not say
 */
public record ThreadUse(String name, double cpuSeconds, long switches) {
  private static final double MS_PER_SECOND = 1_000;
  private static final Pattern THREAD =
      Pattern.compile("(?m)^\"(.+?)\".*? cpu=([0-9.]+)ms .*?(?: nid=|\\[)(\\d+)[ \\]]");
  private static final Pattern SWITCHES =
      Pattern.compile("(?m)^\\w*voluntary_ctxt_switches:\\s+(\\d+)$");

  /**
   * @param dump of {@code jcmd PID Thread.print}
   */
  static List<ThreadUse> of(String dump, long pid) throws IOException {
    List<ThreadUse> threads = new ArrayList<>();
    Matcher each = THREAD.matcher(dump);
    while (each.find()) {
      double seconds = Double.parseDouble(each.group(2)) / MS_PER_SECOND;
      threads.add(new ThreadUse(each.group(1), seconds, switches(pid, each.group(3))));
    }
    return threads;
  }

  private static long switches(long pid, String thread) throws IOException {
    try {
      String status =
          Files.readString(Path.of("/proc", Long.toString(pid), "task", thread, "status"));
      return SWITCHES
          .matcher(status)
          .results()
          .mapToLong(found -> Long.parseLong(found.group(1)))
          .sum();
    } catch (NoSuchFileException e) {
      // It has ended since, or this is no Linux.
      return 0;
    }
  }
}
