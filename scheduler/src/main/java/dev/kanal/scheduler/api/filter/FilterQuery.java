package dev.kanal.scheduler.api.filter;

import dev.kanal.common.bulkaction.JobFilter;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobKey;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.ScheduleTick;
import dev.kanal.scheduler.api.json.Quoted;
import dev.kanal.scheduler.api.json.Times;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.api.problem.RefusedException;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a job filter from a query. */
public final class FilterQuery {
  /** The conditions, by their names in queries. */
  public static final Set<String> NAMES =
      Set.of(
          "state",
          "queue",
          "type",
          "tag",
          "key",
          "schedule",
          "parent",
          "failure",
          "createdAfter",
          "createdBefore",
          "find");

  private static final int TAGS_MAX = 32;
  private static final Pattern FAILURE = Pattern.compile("[0-9a-f]{16}");

  private final MultiMap query;

  private FilterQuery(MultiMap query) {
    this.query = query;
  }

  /**
   * The filter.
   *
   * @throws MalformedException naming the parameter that cannot be read, and what it takes
   */
  public static JobFilter read(MultiMap query) throws MalformedException {
    return new FilterQuery(query).read();
  }

  private JobFilter read() throws MalformedException {
    String failure =
        one(
            "failure",
            "16 hexadecimal digits",
            text -> FAILURE.matcher(text).matches() ? text : null);
    return new JobFilter(
        states(failure),
        one("queue", "a name of a queue", FilterQuery::queue),
        one("type", "a job type", FilterQuery::type),
        tags(query),
        one("key", "1 to " + JobKey.MAX + " characters", key -> text(key, JobKey.MAX)),
        one(
            "schedule",
            "1 to " + ScheduleTick.NAME_MAX + " characters",
            name -> text(name, ScheduleTick.NAME_MAX)),
        one("parent", "the id of a job", JobId::parse),
        failure,
        one("createdAfter", "a time such as 2030-01-31T12:00:00Z", FilterQuery::time),
        one("createdBefore", "a time such as 2030-01-31T12:00:00Z", FilterQuery::time),
        find());
  }

  private Set<String> find() throws MalformedException {
    Set<String> texts = new TreeSet<>();
    for (String text : query.getAll("find")) {
      texts.add(
          value(
              "find",
              "1 to " + JobFilter.FIND_LENGTH_MAX + " characters",
              text,
              each -> text(each, JobFilter.FIND_LENGTH_MAX)));
    }
    if (texts.size() > JobFilter.FIND_MAX) {
      throw new MalformedException(
          "find", "at most " + JobFilter.FIND_MAX + " of them", "" + texts.size());
    }
    return texts;
  }

  /** Only dead jobs have a failure. */
  private Set<JobState> states(@Nullable String failure) throws MalformedException {
    Set<JobState> states = states();
    if (failure == null) {
      return states;
    }
    Set<JobState> dead = EnumSet.of(JobState.DEAD);
    if (!states.isEmpty() && !states.equals(dead)) {
      throw new MalformedException("state", "DEAD, as a failure is given", states.toString());
    }
    return dead;
  }

  private Set<JobState> states() throws MalformedException {
    EnumSet<JobState> states = EnumSet.noneOf(JobState.class);
    for (String text : query.getAll("state")) {
      states.add(value("state", "one of " + List.of(JobState.values()), text, JobState::valueOf));
    }
    return states;
  }

  /** The tags of a query, each {@code tag=name:value}. */
  public static Map<String, String> tags(MultiMap query) throws MalformedException {
    Map<String, String> tags = new TreeMap<>();
    for (String text : query.getAll("tag")) {
      int colon = text.indexOf(':');
      if (colon < 1 || colon > JobSpec.TAG_NAME_MAX) {
        throw new MalformedException("tag", "name:value", text);
      }
      String before = tags.put(text.substring(0, colon), text.substring(colon + 1));
      if (before != null && !before.equals(text.substring(colon + 1))) {
        throw new MalformedException("tag", "one value for each name", text);
      }
    }
    if (tags.size() > TAGS_MAX) {
      throw new MalformedException("tag", "at most " + TAGS_MAX + " of them", "" + tags.size());
    }
    return tags;
  }

  private <T> @Nullable T one(String name, String expected, Function<String, @Nullable T> parse)
      throws MalformedException {
    String text = query.get(name);
    return text == null ? null : value(name, expected, text, parse);
  }

  private static <T> T value(
      String name, String expected, String text, Function<String, @Nullable T> parse)
      throws MalformedException {
    T value;
    try {
      value = parse.apply(text);
    } catch (IllegalArgumentException e) {
      throw new MalformedException(name, expected, text);
    }
    if (value == null) {
      throw new MalformedException(name, expected, text);
    }
    return value;
  }

  private static @Nullable String queue(String text) {
    return JobSpec.QUEUE.matcher(text).matches() ? text : null;
  }

  private static @Nullable String type(String text) {
    return JobSpec.TYPE.matcher(text).matches() ? text : null;
  }

  private static @Nullable String text(String text, int max) {
    int length = text.codePointCount(0, text.length());
    return length >= 1 && length <= max ? text : null;
  }

  /** A plus that was not escaped comes as a blank. */
  private static @Nullable Instant time(String text) {
    return Times.parse(text.replace(' ', '+'));
  }

  /** A parameter that cannot be read. */
  public static final class MalformedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String name;

    public MalformedException(String name, String expected, String got) {
      super("Expected " + name + " to be " + expected + ", but got " + Quoted.of(got));
      this.name = name;
    }

    String name() {
      return name;
    }

    public RefusedException refusal() {
      return new RefusedException(Problem.malformedQuery(String.valueOf(getMessage())));
    }

    /** The same as a future that has failed with the refusal. */
    public <T> Future<T> refused() {
      return Future.failedFuture(refusal());
    }
  }
}
