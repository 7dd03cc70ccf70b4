package dev.kanal.scheduler.api.bulkaction;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.kanal.common.bulkaction.BulkAction;
import dev.kanal.common.bulkaction.BulkActionOrder;
import dev.kanal.common.bulkaction.JobFilter;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JobState;
import dev.kanal.scheduler.api.filter.FilterFields;
import dev.kanal.scheduler.api.http.Paths;
import dev.kanal.scheduler.api.json.FieldReader;
import dev.kanal.scheduler.api.json.JsonBody;
import dev.kanal.scheduler.api.json.Quoted;
import dev.kanal.scheduler.api.problem.RefusedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes an order of the JSON that a client sent, or says everything that is wrong with it. */
final class BulkActionParser {
  static final String FIELDS = "action, ids, filter, dryRun, queue";

  private static final Set<JobState> RETRYABLE =
      EnumSet.of(JobState.DEAD, JobState.CANCELLED, JobState.EXPIRED);

  private static final List<BulkAction> OFFERED =
      List.of(BulkAction.RETRY, BulkAction.CANCEL, BulkAction.DELETE, BulkAction.MOVE);

  private final JsonParser json;
  private final FieldReader fields;
  private @Nullable BulkAction action;
  private @Nullable Set<JobId> ids;
  private @Nullable FilterFields filter;
  private boolean dryRun;
  private @Nullable String queue;

  private BulkActionParser(JsonParser json) {
    this.json = json;
    this.fields = new FieldReader(json);
  }

  static BulkActionOrder parse(byte[] bytes) throws RefusedException {
    return JsonBody.read(bytes, 0, bytes.length, BulkActionParser::read).finish();
  }

  private static BulkActionParser read(JsonParser json) throws IOException {
    BulkActionParser given = new BulkActionParser(json);
    given.fields.object("", FIELDS, given::field);
    return given;
  }

  private boolean field(String name) throws IOException {
    switch (name) {
      case "action" -> action = action();
      case "ids" -> ids = ids();
      case "queue" -> queue = fields.matching("/queue", JobSpec.QUEUE);
      case "filter" -> {
        FilterFields read = new FilterFields(json, fields);
        read.read();
        filter = read;
      }
      case "dryRun" -> {
        if (json.currentToken().isBoolean()) {
          dryRun = json.getBooleanValue();
        } else {
          fields.wrongType("/dryRun", "true or false");
        }
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private @Nullable BulkAction action() throws IOException {
    String text = fields.text("/action");
    for (BulkAction each : OFFERED) {
      if (each.text().equals(text)) {
        return each;
      }
    }
    if (text != null) {
      fields.refuse(
          "/action", "Expected retry, cancel, delete or move, but got " + Quoted.of(text));
    }
    return null;
  }

  private Set<JobId> ids() throws IOException {
    Set<JobId> all = new LinkedHashSet<>();
    if (json.currentToken() != JsonToken.START_ARRAY) {
      fields.wrongType("/ids", "an array of job ids");
      return all;
    }
    for (int i = 0; json.nextToken() != JsonToken.END_ARRAY; i++) {
      String text = fields.text("/ids/" + i);
      JobId id = text == null ? null : Paths.id(text);
      if (id != null) {
        all.add(id);
      } else if (text != null) {
        fields.refuse("/ids/" + i, "Expected the id of a job, but got " + Quoted.of(text));
      }
    }
    if (all.isEmpty() || all.size() > BulkActionOrder.JOBS_MAX) {
      fields.refuse(
          "/ids",
          "Expected 1 to " + BulkActionOrder.JOBS_MAX + " different ids, but got " + all.size());
    }
    return all;
  }

  private BulkActionOrder finish() throws RefusedException {
    BulkAction what = action;
    Set<JobId> listed = ids;
    FilterFields meant = filter;
    if (what == null && fields.errors().isEmpty()) {
      fields.refuse("/action", "Expected an action, but it is missing");
    }
    if (fields.errors().isEmpty() && (listed == null) == (meant == null)) {
      fields.refuse("", "Expected either ids or a filter");
    }
    if (what != null && fields.errors().isEmpty() && (what == BulkAction.MOVE) != (queue != null)) {
      fields.refuse(
          "/queue",
          what == BulkAction.MOVE
              ? "Expected the queue to move to, but it is missing"
              : "Expected no queue to " + what.text() + " jobs, but got one");
    }
    JobFilter jobs = meant == null ? null : meant.filter();
    if (jobs != null && fields.errors().isEmpty() && jobs.equals(JobFilter.ALL)) {
      fields.refuse("/filter", "Expected at least one condition, but the filter is empty");
    }
    if (jobs != null && what != null && fields.errors().isEmpty()) {
      jobs = narrowed(jobs, what);
    }
    if (what == null || !fields.errors().isEmpty()) {
      throw fields.refusal();
    }
    List<JobId> some = listed == null ? List.of() : new ArrayList<>(listed);
    return new BulkActionOrder(what, jobs, some, dryRun, queue);
  }

  /** Only states in which the action can do something. */
  private JobFilter narrowed(JobFilter jobs, BulkAction what) {
    Set<JobState> states = EnumSet.allOf(JobState.class);
    states.removeIf(state -> !can(what, state));
    if (!jobs.states().isEmpty()) {
      states.retainAll(jobs.states());
    }
    if (states.isEmpty()) {
      fields.refuse(
          "/filter/state",
          "Expected a state of jobs that can be "
              + switch (what) {
                case CANCEL, PURGE -> "cancelled";
                case RETRY -> "retried";
                case DELETE -> "deleted";
                case MOVE -> "moved";
              }
              + ", but there are none in "
              + jobs.states());
    }
    return jobs.withStates(states);
  }

  private static boolean can(BulkAction what, JobState state) {
    return switch (what) {
      case RETRY -> RETRYABLE.contains(state);
      case CANCEL, PURGE -> !state.isFinal();
      case DELETE -> state.isFinal();
      case MOVE -> !state.isFinal() && state != JobState.RUNNING;
    };
  }
}
