package dev.kanal.check.mixed;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kanal.check.history.Accepted;
import dev.kanal.check.history.Run;
import dev.kanal.check.history.Ticks;
import dev.kanal.check.server.Answer;
import dev.kanal.check.server.Servers;
import dev.kanal.check.server.Texts;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Schedules that tick every second, by interval and by cron, and the jobs they made. */
public final class Ticker {
  private static final long PERIOD = 1_000_000;

  /** A tick is fired a little after its time; those that may not have been yet do not count. */
  private static final long FIRED = 3_000_000;

  private static final int PAGE = 500;

  private final ObjectMapper json = new ObjectMapper();
  private final Servers servers;
  private final List<String> problems;
  private final List<Made> made = new ArrayList<>();

  private record Made(String name, long from) {}

  /**
   * @param problems takes what could not be done
   */
  public Ticker(Servers servers, List<String> problems) {
    this.servers = servers;
    this.problems = problems;
  }

  /**
   * Makes a schedule of one tick a second that makes up for every missed one.
   *
   * @param rule {@code every} or {@code cron}
   */
  public void make(String name, String rule, JsonNode job) throws InterruptedException {
    ObjectNode body = json.createObjectNode();
    body.put(rule, rule.equals("cron") ? "* * * * * *" : "1s");
    body.putObject("misfire").put("policy", "fireAll");
    body.set("job", job);
    if (call("PUT", path(name), body.toString()) != null) {
      made.add(new Made(name, now()));
    }
  }

  /** Stops all schedules, and lists what they made. */
  public List<Ticks> stop() throws InterruptedException {
    List<Ticks> all = new ArrayList<>();
    for (Made schedule : made) {
      long until = now() - FIRED;
      var _ = call("POST", path(schedule.name()) + "/pause", null);
      List<Ticks.Tick> ticks = list(schedule.name());
      all.add(new Ticks(schedule.name(), PERIOD, schedule.from() + PERIOD, until, ticks));
      var _ = call("DELETE", path(schedule.name()), null);
    }
    return all;
  }

  /** The jobs of ticks, to be awaited like others. */
  static List<Accepted> jobs(List<Ticks> schedules) {
    return schedules.stream()
        .flatMap(schedule -> schedule.ticks().stream())
        .map(tick -> new Accepted(Run.TICK, tick.job(), tick.at(), tick.at()))
        .toList();
  }

  private List<Ticks.Tick> list(String name) throws InterruptedException {
    List<Ticks.Tick> ticks = new ArrayList<>();
    String cursor = "";
    do {
      String query = "/v1/jobs?schedule=" + name + "&limit=" + PAGE + cursor;
      JsonNode page = call("GET", query, null);
      if (page == null) {
        return ticks;
      }
      for (JsonNode job : page.path("items")) {
        ticks.add(new Ticks.Tick(job.path("id").asText(), tick(job)));
      }
      String next = page.path("nextCursor").asText("");
      cursor = next.isEmpty() || next.equals("null") ? "" : "&cursor=" + next;
    } while (!cursor.isEmpty());
    return ticks;
  }

  private static long tick(JsonNode job) {
    try {
      return Instant.parse(job.path("schedule").path("tick").asText()).toEpochMilli() * 1_000;
    } catch (DateTimeException e) {
      return 0;
    }
  }

  /** The answer's body; null if it is a problem, which is noted. */
  private @Nullable JsonNode call(String method, String path, @Nullable String body)
      throws InterruptedException {
    Answer answer = servers.ask(client -> client.call(method, path, body, Map.of()));
    if (answer instanceof Answer.Got got && got.status() / 100 == 2) {
      try {
        return json.readTree(got.body().isEmpty() ? "{}" : got.body());
      } catch (JsonProcessingException e) {
        problems.add(method + " " + path + ": no JSON: " + Texts.shorten(got.body()));
        return null;
      }
    }
    problems.add(method + " " + path + ": " + Texts.shorten(answer.toString()));
    return null;
  }

  private static String path(String name) {
    return "/v1/schedules/" + name;
  }

  private static long now() {
    return Ledger.now();
  }
}
