package dev.kanal.bench;

import dev.kanal.bench.run.Jvm;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.utils.internals.AppInfoParser;

/** Under what conditions a run was made. */
record Conditions(Map<String, String> byName) {
  static Conditions of(boolean quick, int rounds) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("date", LocalDate.now(ZoneOffset.UTC).toString());
    all.put("commit", commit());
    all.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
    all.put("memory", memory());
    all.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    all.put("java", Runtime.version().toString());
    all.put("java options", String.join(" ", Jvm.options()));
    all.put("kafka", AppInfoParser.getVersion());
    all.put("sizes", quick ? "scaled down" : "whole");
    all.put("rounds", Integer.toString(rounds));
    return new Conditions(all);
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    byName.forEach((name, value) -> lines.add("- " + name + ": " + value));
    lines.add("");
    return lines;
  }

  private static String memory() {
    long bytes =
        ManagementFactory.getOperatingSystemMXBean()
                instanceof com.sun.management.OperatingSystemMXBean system
            ? system.getTotalMemorySize()
            : 0;
    return String.format(Locale.ROOT, "%.1f GiB", bytes / (double) (1 << 30));
  }

  private static String commit() {
    String root = System.getenv().getOrDefault("KANAL_ROOT", ".");
    if (!Files.exists(Path.of(root, ".git"))) {
      return "unknown";
    }
    try {
      Process git =
          new ProcessBuilder("git", "-C", root, "describe", "--always", "--dirty")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String output =
          new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return git.waitFor(10, TimeUnit.SECONDS) && git.exitValue() == 0 ? output : "unknown";
    } catch (IOException e) {
      return "unknown";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "unknown";
    }
  }
}
