package dev.kanal.process.kit;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads what a program printed as a user would. */
public final class Console {
  private static final Pattern FRAME = Pattern.compile("\\s+at \\S+\\(.*\\)");
  private static final String COMPLAINT = "kanal: ";

  private Console() {}

  public static boolean hasStackTrace(Program program) {
    return Stream.concat(program.out().lines().stream(), program.err().lines().stream())
        .anyMatch(line -> FRAME.matcher(line).matches());
  }

  /** The lines that say why a program does not start. */
  public static List<String> complaints(Program program) {
    return program.err().lines().stream().filter(line -> line.startsWith(COMPLAINT)).toList();
  }
}
