package dev.kanal.check.mixed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kanal.check.history.Accepted;
import dev.kanal.check.history.Run;
import dev.kanal.check.history.Ticks;
import dev.kanal.check.server.Api;
import dev.kanal.check.server.CheckStopped;
import dev.kanal.check.server.JobPages;
import dev.kanal.check.server.Servers;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Schedules that tick every second, by interval and by cron, and the jobs they made. */
public final class Ticker {
  private static final long PERIOD = 1_000_000;

  /** A tick is fired a little after its time; those that may not have been yet do not count. */
  private static final long FIRED = 3_000_000;

  private static final int PAGE = 100;

  private final ObjectMapper json = new ObjectMapper();
  private final Api api;
  private final List<String> problems;
  private final List<Made> made = new ArrayList<>();

  private record Made(String name, long from) {}

  /**
   * @param problems receives what could not be done
   */
  public Ticker(Servers servers, List<String> problems) {
    this.api = new Api(servers);
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
    if (call("PUT", path(name), body)) {
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
  public static List<Accepted> jobs(List<Ticks> schedules) {
    return schedules.stream()
        .flatMap(schedule -> schedule.ticks().stream())
        .map(tick -> new Accepted(Run.TICK, tick.job(), tick.at(), tick.at()))
        .toList();
  }

  private List<Ticks.Tick> list(String name) throws InterruptedException {
    List<Ticks.Tick> ticks = new ArrayList<>();
    try {
      JobPages pages = new JobPages(api, "schedule=" + name + "&limit=" + PAGE);
      for (JsonNode job : pages.all()) {
        ticks.add(new Ticks.Tick(job.path("id").asText(), tick(job)));
      }
    } catch (CheckStopped e) {
      problems.add(e.getMessage());
    }
    return ticks;
  }

  private static long tick(JsonNode job) {
    try {
      return Instant.parse(job.path("schedule").path("tick").asText()).toEpochMilli() * 1_000;
    } catch (DateTimeException e) {
      return 0;
    }
  }

  /** False if it is not a success, which is noted. */
  private boolean call(String method, String path, @Nullable JsonNode body)
      throws InterruptedException {
    try {
      var _ = api.call(method, path, body).expectSuccess();
      return true;
    } catch (CheckStopped e) {
      problems.add(e.getMessage());
      return false;
    }
  }

  private static String path(String name) {
    return "/v1/schedules/" + name;
  }

  private static long now() {
    return Ledger.now();
  }
}
