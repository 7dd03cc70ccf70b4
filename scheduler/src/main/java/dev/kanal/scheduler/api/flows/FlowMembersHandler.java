package dev.kanal.scheduler.api.flows;

import dev.kanal.common.job.JobId;
import dev.kanal.scheduler.api.filter.FilterQuery.MalformedException;
import dev.kanal.scheduler.api.filter.PageLimit;
import dev.kanal.scheduler.api.http.Answer;
import dev.kanal.scheduler.api.http.Later;
import dev.kanal.scheduler.api.json.Json;
import dev.kanal.scheduler.api.json.Quoted;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.api.problem.RefusedException;
import dev.kanal.scheduler.engine.query.MemberView;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code GET /v1/flows/{id}/steps/{step}/members}: the jobs of a step, by their numbers. */
final class FlowMembersHandler implements Handler<RoutingContext> {
  static final Set<String> QUERY = Set.of("state", "from", "limit");

  private static final int LIMIT_MAX = 999;
  private static final int LIMIT_DEFAULT = 100;

  private final AtFlow at;

  FlowMembersHandler(AtFlow at) {
    this.at = at;
  }

  private record Asked(String step, Set<MemberView.State> states, int from, int limit) {}

  @Override
  public void handle(RoutingContext routing) {
    at.ask(
        routing,
        call -> {
          Asked asked = read(call);
          return flow -> here(flow, asked);
        });
  }

  private static Asked read(RoutingContext routing) throws RefusedException {
    try {
      return asked(routing);
    } catch (MalformedException e) {
      throw e.refusal();
    }
  }

  private Future<Answer> here(JobId flow, Asked asked) {
    return Later.refusing(
            at.flows().members(flow, asked.step, asked.states, asked.from, asked.limit),
            failure -> Problem.shardUnavailable(String.valueOf(failure.getMessage())))
        .map(
            found ->
                found
                    .map(members -> Answer.json(200, write(members)))
                    .orElseGet(
                        () ->
                            Answer.problem(
                                AtFlow.missing(flow + " with a step " + Quoted.of(asked.step)))));
  }

  private static Buffer write(MemberView.Page members) {
    return Json.write(
        1_024,
        (out, _) -> {
          out.writeStartObject();
          out.writeArrayFieldStart("items");
          for (MemberView member : members.members()) {
            out.writeStartObject();
            out.writeNumberField("index", member.index());
            out.writeStringField("state", text(member.state()));
            out.writeStringField("job", member.job().toString());
            out.writeEndObject();
          }
          out.writeEndArray();
          out.writeFieldName("next");
          Integer next = members.next();
          if (next == null) {
            out.writeNull();
          } else {
            out.writeNumber(next);
          }
          out.writeEndObject();
        });
  }

  private static Asked asked(RoutingContext routing) throws MalformedException {
    HttpServerRequest request = routing.request();
    EnumSet<MemberView.State> states = EnumSet.noneOf(MemberView.State.class);
    for (String text : request.params().getAll("state")) {
      MemberView.State state = state(text);
      if (state == null) {
        throw new MalformedException("state", "one of out, succeeded, failed, stopped", text);
      }
      states.add(state);
    }
    String from = request.getParam("from", "0");
    if (!from.matches("\\d{1,8}")) {
      throw new MalformedException("from", "the number of a member", from);
    }
    return new Asked(
        String.valueOf(routing.pathParam("step")),
        states.isEmpty() ? EnumSet.allOf(MemberView.State.class) : states,
        Integer.parseInt(from),
        PageLimit.of(request, LIMIT_DEFAULT, LIMIT_MAX));
  }

  private static MemberView.@Nullable State state(String text) {
    for (MemberView.State state : MemberView.State.values()) {
      if (text(state).equals(text)) {
        return state;
      }
    }
    return null;
  }

  private static String text(MemberView.State state) {
    return state.name().toLowerCase(Locale.ROOT);
  }
}
