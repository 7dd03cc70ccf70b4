package dev.kanal.scheduler.api.flows;

import static dev.kanal.scheduler.api.door.CallThreads.await;

import dev.kanal.common.context.TraceContext;
import dev.kanal.common.flow.FanOut;
import dev.kanal.common.flow.FlowSpec;
import dev.kanal.common.flow.StepKind;
import dev.kanal.common.flow.StepSpec;
import dev.kanal.common.job.Idempotency;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.Priority;
import dev.kanal.common.log.FlowEntry.StartFlow;
import dev.kanal.common.log.LogFormat;
import dev.kanal.common.log.Shards;
import dev.kanal.scheduler.api.door.CallThreads;
import dev.kanal.scheduler.api.format.LogFormats;
import dev.kanal.scheduler.api.http.Answer;
import dev.kanal.scheduler.api.http.Failures;
import dev.kanal.scheduler.api.http.KeyHeader;
import dev.kanal.scheduler.api.http.Preferences;
import dev.kanal.scheduler.api.http.TraceHeaders;
import dev.kanal.scheduler.api.jobs.Commands;
import dev.kanal.scheduler.api.jobs.RepeatableSubmits;
import dev.kanal.scheduler.api.jobs.RepeatableSubmits.Verdict;
import dev.kanal.scheduler.api.node.OwnerRouting;
import dev.kanal.scheduler.api.problem.FieldError;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.api.problem.RefusedException;
import dev.kanal.scheduler.engine.query.FlowReader;
import dev.kanal.scheduler.engine.query.JobReader;
import dev.kanal.scheduler.engine.query.JobReader.FirstSubmit;
import dev.kanal.scheduler.engine.query.JobReader.Owner;
import dev.kanal.scheduler.queues.QueueDirectory;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** {@code POST /v1/flows}: takes a flow. On a call's own thread. */
record FlowSubmits(
    CallThreads threads,
    LogFormats formats,
    FlowParser parser,
    QueueDirectory queues,
    JobReader jobs,
    FlowReader flows,
    Commands commands,
    OwnerRouting atOwner,
    InstantSource clock,
    RandomGenerator random) {
  /**
   * A new installation can take flows a moment after it is ready: who submits one meanwhile waits,
   * so often and so long each time.
   */
  private static final int LOOKS = 6;

  private static final Duration LOOK_AGAIN = Duration.ofMillis(500);

  /** A queue with the priority of a job in it. */
  private record Lane(String queue, Priority priority) {}

  Answer submit(HttpServerRequest request, byte[] body) throws RefusedException {
    FlowSpec spec = parser.parse(body, key(request));
    refuseForgetting(spec);
    awaitFormat();
    ensureQueues(spec);
    Idempotency idempotency = spec.idempotency();
    int shard =
        idempotency == null ? anyShard() : new Shards(jobs.shards()).of("flow", idempotency.key());
    return atOwner.answer(request, shard, Buffer.buffer(body), () -> start(request, shard, spec));
  }

  private void awaitFormat() throws RefusedException {
    for (int looks = 0; looks < LOOKS && !isActive(); looks++) {
      threads.pause(LOOK_AGAIN);
    }
    formats.require(LogFormat.FLOWS);
  }

  private boolean isActive() throws RefusedException {
    return await(formats.isActive(LogFormat.FLOWS), Failures::internal);
  }

  /** Members are kept as long as their flow: a user who counts on less is told so. */
  private static void refuseForgetting(FlowSpec spec) throws RefusedException {
    for (int i = 0; i < spec.steps().size(); i++) {
      StepKind kind = spec.steps().get(i).kind();
      FanOut fanOut =
          switch (kind) {
            case StepKind.Map(_, FanOut ofMap, _) -> ofMap;
            case StepKind.Group(_, FanOut ofGroup) -> ofGroup;
            case StepKind.Job _, StepKind.Wait _, StepKind.Race _ -> FanOut.DEFAULT;
          };
      if (fanOut.keep() == FanOut.Keep.FAILED) {
        String pointer = "/steps/" + i + (kind instanceof StepKind.Map ? "/map" : "/group");
        throw new RefusedException(
            Problem.invalid(
                List.of(
                    new FieldError(
                        pointer + "/keep",
                        "Expected all, since all members are kept as long as their flow, but got"
                            + " failed"))));
      }
    }
  }

  private static @Nullable String key(HttpServerRequest request) throws RefusedException {
    return switch (KeyHeader.of(request.headers())) {
      case KeyHeader.Refused(Problem problem) -> throw new RefusedException(problem);
      case KeyHeader.Key(String key) -> key;
    };
  }

  /** One of this node's, if it has any: so nobody else has to be asked. */
  private int anyShard() {
    int begin = random.nextInt(jobs.shards());
    for (int i = 0; i < jobs.shards(); i++) {
      int shard = (begin + i) % jobs.shards();
      if (jobs.ownerOf(shard) instanceof Owner.Local) {
        return shard;
      }
    }
    return begin;
  }

  private void ensureQueues(FlowSpec spec) throws RefusedException {
    List<Lane> lanes = List.copyOf(lanes(spec));
    List<CompletableFuture<QueueDirectory.Readiness>> asked = new ArrayList<>();
    lanes.forEach(lane -> asked.add(queues.ensure(lane.queue, lane.priority)));
    for (int i = 0; i < lanes.size(); i++) {
      if (await(asked.get(i), Failures::noQueue) == QueueDirectory.Readiness.UNKNOWN) {
        throw new RefusedException(Problem.unknownQueue(lanes.get(i).queue));
      }
    }
  }

  private static Set<Lane> lanes(FlowSpec spec) {
    Set<Lane> lanes = new LinkedHashSet<>();
    for (StepSpec step : spec.steps()) {
      jobs(step.kind()).forEach(job -> lanes.add(new Lane(job.queue(), job.priority())));
    }
    return lanes;
  }

  private static List<JobSpec> jobs(StepKind kind) {
    return switch (kind) {
      case StepKind.Job(JobSpec job) -> List.of(job);
      case StepKind.Map(_, _, List<JobSpec> chain) -> chain;
      case StepKind.Race(var branches) ->
          branches.stream().flatMap(branch -> jobs(branch.kind()).stream()).toList();
      case StepKind.Wait _, StepKind.Group _ -> List.of();
    };
  }

  private Answer start(HttpServerRequest request, int shard, FlowSpec spec)
      throws RefusedException {
    JobId id = JobId.create(shard, clock.instant(), random);
    TraceContext trace = TraceHeaders.of(request.headers());
    await(commands.apply(shard, new StartFlow(id, spec, trace)), RepeatableSubmits::problem);
    Idempotency idempotency = spec.idempotency();
    if (idempotency == null) {
      return answer(request, id, 202);
    }
    Optional<FirstSubmit> first =
        await(flows.firstSubmit(shard, idempotency.key()), RepeatableSubmits::problem);
    return switch (RepeatableSubmits.verdict(id, idempotency, first)) {
      case Verdict.Refused(Problem problem) -> Answer.problem(problem);
      case Verdict.Taken(JobId flow) -> answer(request, flow, 202);
      case Verdict.Replayed(JobId flow) ->
          answer(request, flow, 200).with("Idempotency-Replayed", "true");
    };
  }

  /** Answers with the flow, at its end if the client prefers to wait. */
  private Answer answer(HttpServerRequest request, JobId flow, int status) throws RefusedException {
    Duration wait = Duration.ofSeconds(Preferences.wait(request.headers()).orElse(0));
    FlowReader.Answer found =
        await(wait.isZero() ? flows.find(flow) : flows.awaitFinal(flow, wait), Commands::problem);
    return switch (found) {
      case FlowReader.Answer.Found(var view) -> {
        boolean ended = !wait.isZero() && view.state().isFinal();
        yield Answer.json(ended ? 200 : status, FlowViewWriter.write(view))
            .with("Location", "/v1/flows/" + flow);
      }
      case FlowReader.Answer.Missing() -> Answer.problem(RepeatableSubmits.gone());
      case FlowReader.Answer.Unavailable(String why) -> Answer.problem(Commands.late(why));
    };
  }
}
