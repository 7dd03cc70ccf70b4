package dev.kanal.common.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What docs/COMING-FROM.md says of Kanal, line by line. */
final class ComingFromTest {
  private static final Path PAGE = Path.of("..", "docs", "COMING-FROM.md");
  private static final Pattern ROW =
      Pattern.compile("\\| `([^`]+)` \\| ([A-Z][A-Za-z_/]+), (20\\S+Z) \\| ([^|]+) \\| .*");
  private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("MM-dd");
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm");

  @Test
  void shouldAnswerEachLineOfThePage_asItSays() throws IOException {
    List<String> wrong = new ArrayList<>();
    int rows = 0;
    for (String line : Files.readAllLines(PAGE)) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        rows++;
        String said = row.group(4);
        String answer = answer(row.group(1), row.group(2), row.group(3), said.split(", ").length);
        if (!answer.equals(said)) {
          wrong.add(row.group(1) + ": " + answer + " instead of " + said);
        }
      }
    }
    assertEquals(List.of(), wrong);
    assertTrue(rows >= 40, "rows: " + rows);
  }

  private static String answer(String expression, String zoneName, String from, int ticks) {
    ZoneId zone = ZoneId.of(zoneName);
    Cron cron;
    try {
      cron = Cron.parse(expression);
    } catch (IllegalArgumentException e) {
      return "refused";
    }
    List<String> shown = new ArrayList<>();
    String day = "";
    for (Instant tick : cron.next(Instant.parse(from), zone, ticks)) {
      ZonedDateTime at = tick.atZone(zone);
      String text = show(at);
      boolean sameDay = text.contains(" ") && text.startsWith(day + " ") && !day.isEmpty();
      shown.add(sameDay ? text.substring(day.length() + 1) : text);
      day = text.contains(" ") ? text.substring(0, text.indexOf(' ')) : "";
    }
    return String.join(", ", shown);
  }

  /** Midnight in UTC as its day only. */
  private static String show(ZonedDateTime at) {
    String day = (at.getYear() == 2026 ? "" : at.getYear() + "-") + DAY.format(at);
    String offset = at.getOffset().getId().replace("Z", "").replaceFirst(":00$", "");
    String time = TIME.format(at);
    return offset.isEmpty() && time.equals("00:00") ? day : day + " " + time + offset;
  }
}
