package dev.kanal.scheduler.engine.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.clock.Clocks;
import dev.kanal.common.context.TraceContext;
import dev.kanal.common.flow.FanOut;
import dev.kanal.common.flow.FlowSpec;
import dev.kanal.common.flow.Over;
import dev.kanal.common.flow.StepKind;
import dev.kanal.common.flow.StepSpec;
import dev.kanal.common.flow.Tolerance;
import dev.kanal.common.flow.plan.FlowState;
import dev.kanal.common.job.Idempotency;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.log.FlowEntry.CancelFlow;
import dev.kanal.common.log.FlowEntry.DeleteFlow;
import dev.kanal.common.log.FlowEntry.StartFlow;
import dev.kanal.common.log.Shards;
import dev.kanal.embedded.EmbeddedKafka;
import dev.kanal.embedded.junit.EmbeddedCluster;
import dev.kanal.scheduler.engine.query.FlowReader;
import dev.kanal.scheduler.engine.query.FlowReader.Answer;
import dev.kanal.scheduler.engine.query.FlowReader.Filter;
import dev.kanal.scheduler.engine.query.FlowView;
import dev.kanal.scheduler.engine.query.MemberView;
import dev.kanal.scheduler.engine.shard.Decisions;
import dev.kanal.scheduler.engine.step.Decider;
import dev.kanal.scheduler.engine.step.EngineRules;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Flows on a real broker. */
@EmbeddedCluster
@Timeout(120)
final class FlowEngineTest {
  private static final Decider DECISIONS =
      new Decisions(EngineRules.DEFAULT, new Shards(EngineNode.SHARDS));

  private static final int WIDTH = 300;

  @TempDir Path data;

  private static StepSpec map(String name, int atOnce, String... payloads) {
    List<JobSpec> chain =
        List.of(payloads).stream().map(each -> JobSpec.of("echo", JsonBytes.of(each))).toList();
    FanOut fanOut = new FanOut(atOnce, Tolerance.Failures.NONE, null, false);
    return StepSpec.of(name, new StepKind.Map(new Over.Range(0, WIDTH, 1), fanOut, chain));
  }

  private static FlowSpec spec() {
    JobSpec last =
        JobSpec.of("echo", JsonBytes.of("{\"all\":{\"$from\":\"wide\",\"at\":\"/count\"}}"));
    return FlowSpec.of(
            "nightly",
            List.of(
                map("wide", 50, "{\"i\":{\"$item\":\"\"}}"),
                map("chain", 50, "{\"$item\":\"\"}", "{\"$prev\":\"\"}"),
                StepSpec.of("last", new StepKind.Job(last)).withNeeds(List.of("wide", "chain"))))
        .withOutput(JsonBytes.of("{\"$from\":\"last\",\"at\":\"/all\"}"));
  }

  private static JobId start(EngineNode node, FlowSpec spec, int shard) throws Exception {
    JobId id = JobId.create(shard, Clocks.system().wall().instant(), new Random());
    node.append(shard, new StartFlow(id, spec, TraceContext.NONE));
    return id;
  }

  private static FlowView awaitFinal(EngineNode node, JobId flow) throws Exception {
    Answer answer =
        node.engine.flows().awaitFinal(flow, Duration.ofSeconds(60)).get(70, TimeUnit.SECONDS);
    return assertInstanceOf(Answer.Found.class, answer).flow();
  }

  private EngineNode node(EmbeddedKafka kafka, String prefix) throws Exception {
    EngineNode node = EngineNode.start(kafka.bootstrapServers(), prefix, data, DECISIONS);
    EngineTest.await(() -> node.reader().health().ready());
    return node;
  }

  @Test
  void shouldRunAFlowFromStartToOutput_andAnswerQuestions(EmbeddedKafka kafka) throws Exception {
    String prefix = EmbeddedKafka.uniquePrefix();
    try (EngineNode node = node(kafka, prefix);
        EchoWorker worker = new EchoWorker(kafka.bootstrapServers(), node.topics, "default")) {
      node.submit(JobSpec.of("echo", JsonBytes.of("1")));
      FlowSpec keyed = spec().withIdempotency(new Idempotency("2026-12-01", 1, 2));
      int home = new Shards(EngineNode.SHARDS).of("flow", "2026-12-01");
      JobId flow = start(node, keyed, home);
      FlowReader flows = node.engine.flows();
      assertInstanceOf(Answer.Found.class, flows.find(flow).get(20, TimeUnit.SECONDS));
      FlowView view = awaitFinal(node, flow);
      assertEquals(FlowState.SUCCEEDED, view.state());
      assertEquals("" + WIDTH, String.valueOf(view.output()));
      assertEquals(0, view.openMembers());
      worker.runs.forEach((job, runs) -> assertEquals(1, runs.get(), "runs of " + job));
      assertEquals(1 + 3 * WIDTH + 1, worker.runs.size());

      for (String step : List.of("wide", "chain")) {
        MemberView.Page page =
            flows
                .members(flow, step, Set.of(MemberView.State.SUCCEEDED), 0, 1_000)
                .get(20, TimeUnit.SECONDS)
                .orElseThrow();
        assertEquals(WIDTH, page.members().size());
        for (MemberView member : page.members()) {
          var job = node.awaitFinal(member.job());
          assertEquals(JobState.SUCCEEDED, job.state());
          assertEquals(
              member.index(), job.spec().owner() == null ? -1 : job.spec().owner().index());
        }
      }
      assertEquals(flow, flows.firstSubmit(home, "2026-12-01").get().orElseThrow().job());
      var list = flows.list(Filter.ALL, null, 10).get(20, TimeUnit.SECONDS);
      assertEquals(
          List.of(flow),
          assertInstanceOf(FlowReader.Listing.Part.class, list).flows().stream()
              .map(FlowView::id)
              .toList());
      Filter other = new Filter(Set.of(FlowState.RUNNING), null, Map.of());
      assertTrue(
          assertInstanceOf(FlowReader.Listing.Part.class, flows.list(other, null, 10).get())
              .flows()
              .isEmpty());

      node.append(home, new DeleteFlow(flow));
      EngineTest.await(() -> flows.find(flow).join() instanceof Answer.Missing);
    }
  }

  @Test
  void shouldGoOnWithFlows_afterARestart(EmbeddedKafka kafka) throws Exception {
    String prefix = EmbeddedKafka.uniquePrefix();
    JobId goesOn;
    JobId cancelled;
    try (EngineNode node = node(kafka, prefix)) {
      node.submit(JobSpec.of("echo", JsonBytes.of("1")));
      goesOn = start(node, spec(), 1);
      cancelled = start(node, spec(), 2);
      node.append(2, new CancelFlow(cancelled, false));
    }
    try (EngineNode node = node(kafka, prefix);
        EchoWorker _ = new EchoWorker(kafka.bootstrapServers(), node.topics, "default")) {
      assertEquals(FlowState.SUCCEEDED, awaitFinal(node, goesOn).state());
      assertEquals(FlowState.CANCELLED, awaitFinal(node, cancelled).state());
    }
  }
}
