package dev.kanal.scheduler.api.flows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.error.ErrorCode;
import dev.kanal.common.flow.FanOut;
import dev.kanal.common.flow.FlowCheck;
import dev.kanal.common.flow.FlowSpec;
import dev.kanal.common.flow.Over;
import dev.kanal.common.flow.StepKind;
import dev.kanal.common.flow.StepSpec;
import dev.kanal.common.flow.Tolerance;
import dev.kanal.common.job.RetryPolicy;
import dev.kanal.common.queue.QueueDefaults;
import dev.kanal.scheduler.api.ApiNode;
import dev.kanal.scheduler.api.InMemoryShards;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.api.problem.RefusedException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FlowParserTest {
  private static final Instant NOW = InMemoryShards.LOG_TIME;

  private static final String EXAMPLE =
      """
      {"name":"nightly-thumbs","input":{"bucket":"b1"},"deadline":"2126-12-01T06:00:00Z",
       "steps":[
        {"name":"list","type":"list-files","payload":{"bucket":{"$input":"/bucket"}}},
        {"name":"thumb","needs":["list"],
         "map":{"over":{"$from":"list","at":"/files"},"atOnce":500,"tolerate":{"percent":1}},
         "do":[{"type":"fetch","queue":"net","payload":{"file":{"$item":""}}},
               {"type":"resize","queue":"cpu","retry":{"maxAttempts":3}}]},
        {"name":"ok","needs":["thumb"],"wait":{"event":"approved","timeout":"PT48H"}},
        {"name":"index","needs":["ok"],"type":"build-index",
         "payload":{"by":{"$from":"ok","at":"/by"},"thumbs":{"$from":"thumb"}}},
        {"name":"tell","needs":["*"],"when":"ended","type":"http",
         "payload":{"url":"https://hooks.example.org/x","headers":{"K":{"$secret":"T"}},
                    "body":{"$flow":""}}}],
       "output":{"$from":"index","at":"/url"},"tags":{"team":"img"},
       "retention":{"succeeded":"P1D","other":"P30D"},"idempotencyKey":"2026-12-01"}
      """;

  private final FlowParser parser =
      new FlowParser(
          ApiNode.limits(),
          InstantSource.fixed(NOW),
          queue ->
              queue.equals("cpu")
                  ? new QueueDefaults(null, Duration.ofSeconds(9), null)
                  : QueueDefaults.NONE);

  @Test
  void shouldReadAFlow() throws RefusedException {
    FlowSpec flow = parser.parse(EXAMPLE.getBytes(StandardCharsets.UTF_8), null);

    assertEquals("nightly-thumbs", flow.name());
    assertEquals(
        List.of("list", "thumb", "ok", "index", "tell"),
        flow.steps().stream().map(StepSpec::name).toList());
    StepKind.Map thumb = (StepKind.Map) flow.steps().get(1).kind();
    assertEquals(new FanOut(500, new Tolerance.Percent(1), null, false), thumb.fanOut());
    assertEquals(
        "{\"$from\":\"list\",\"at\":\"/files\"}", ((Over.Items) thumb.over()).array().toString());
    assertEquals(Duration.ofSeconds(9), thumb.chain().get(1).timeout());
    assertEquals(new RetryPolicy(3, RetryPolicy.DEFAULT.backoff()), thumb.chain().get(1).retry());
    assertEquals(new StepKind.Wait("approved", Duration.ofDays(2)), flow.steps().get(2).kind());
    assertEquals(StepSpec.When.ENDED, flow.steps().get(4).when());
    assertEquals(Map.of("team", "img"), flow.tags());
    assertNotNull(flow.idempotency());
    assertEquals("2026-12-01", flow.idempotency().key());
  }

  @Test
  void shouldTakeTheKeyOfTheHeader() throws RefusedException {
    FlowSpec flow = parser.parse(flow("{\"name\":\"a\",\"type\":\"t\"}"), "k");
    assertNotNull(flow.idempotency());
    assertEquals("k", flow.idempotency().key());
  }

  @Test
  void shouldReadWhatItWrites() throws RefusedException {
    long seed = new Random().nextLong();
    var random = new Random(seed);
    var definitions = new RandomDefinition(random, NOW);
    int flows = 0;
    while (flows < 1_000) {
      FlowSpec flow = definitions.next();
      if (FlowCheck.problems(flow).isEmpty()) {
        flows++;
        byte[] json = FlowWriter.write(flow).getBytes();
        FlowSpec read = parser.parse(json, null);
        assertEquals(flow, read, () -> "seed " + seed);
      }
    }
  }

  /** A step, or a whole flow, and what is said about it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '>',
      quoteCharacter = '|',
      value = {
        "{'name':'a'} > /steps/0 > one of type, map, group, wait and race, but got none",
        "{'name':'a','type':'t','race':{'x':{'type':'t'},'y':{'type':'t'}}} > /steps/0 > but got race, type",
        "{'type':'t'} > /steps/0/name > it is missing",
        "{'name':'A','type':'t'} > /steps/0/name > [a-z0-9-]{1,63}",
        "{'name':'a','type':'t','nedes':[]} > /steps/0/nedes > one of the fields name, needs, when",
        "{'name':'a','payload':1} > /steps/0/type > it is missing",
        "{'name':'a','type':'t','idempotencyKey':'k'} > /steps/0/idempotencyKey > of the flow alone",
        "{'name':'a','type':'t','deadline':'x'} > /steps/0/deadline > of the flow alone",
        "{'name':'a','type':'t','needs':['b']} > /steps/0/needs/0 > there is none named b",
        "{'name':'a','type':'t','needs':'b'} > /steps/0/needs > an array, but got a string",
        "{'name':'a','type':'t','needs':[1]} > /steps/0/needs/0 > a string, but got a number",
        "{'name':'a','type':'t','when':'always'} > /steps/0/when > succeeded, ended, failed",
        "{'name':'a','type':'t','payload':{'x':{'$form':'b'}}} > /steps/0/payload/x > but got $form",
        "{'name':'a','type':'t','payload':{'$from':'b'}} > /steps/0/payload > there is none named b",
        "{'name':'a','type':'http','payload':{'url':'ftp://x'}} > /steps/0/payload/url > http or https",
        "{'name':'a','map':{'over':[]}} > /steps/0/do > but it is missing",
        "{'name':'a','type':'t','do':[]} > /steps/0 > there is no map",
        "{'name':'a','map':{'over':[]},'do':[]} > /steps/0/do > at least one stage",
        "{'name':'a','map':{},'do':[{'type':'t'}]} > /steps/0/map/over > it is missing",
        "{'name':'a','map':{'over':5},'do':[{'type':'t'}]} > /steps/0/map/over > an array, a reference",
        "{'name':'a','map':{'over':{}},'do':[{'type':'t'}]} > /steps/0/map/over > but got another value",
        "{'name':'a','map':{'over':{'range':{'to':9,'by':0}}},'do':[{'type':'t'}]} > /steps/0/map/over/range/by > from 1 to",
        "{'name':'a','map':{'over':{'range':{'to':10000001}}},'do':[{'type':'t'}]} > /steps/0/map/over/range > at most 10000000 items",
        "{'name':'a','map':{'over':{'range':{}}},'do':[{'type':'t'}]} > /steps/0/map/over/range/to > it is missing",
        "{'name':'a','map':{'over':{'stream':{'idle':'0s'}}},'do':[{'type':'t'}]} > /steps/0/map/over/stream/idle > from PT1S to",
        "{'name':'a','map':{'over':{'range':{'to':1},'x':1}},'do':[{'type':'t'}]} > /steps/0/map/over > but got several",
        "{'name':'a','map':{'over':[],'atOnce':10001},'do':[{'type':'t'}]} > /steps/0/map/atOnce > from 1 to 10000",
        "{'name':'a','map':{'over':[],'tolerate':{'percent':101}},'do':[{'type':'t'}]} > /steps/0/map/tolerate/percent > from 0 to 100",
        "{'name':'a','map':{'over':[],'tolerate':{'percent':1,'failures':1}},'do':[{'type':'t'}]} > /steps/0/map/tolerate > but got both",
        "{'name':'a','map':{'over':[],'keep':'none'},'do':[{'type':'t'}]} > /steps/0/map/keep > all, failed",
        "{'name':'a','map':{'over':[]},'do':[{'type':'t','name':'x'}]} > /steps/0/do/0/name > one of the fields type",
        "{'name':'a','group':{'idle':'1h','over':[]}} > /steps/0/group/over > idle, atOnce",
        "{'name':'a','wait':{}} > /steps/0/wait > event or a timeout",
        "{'name':'a','wait':{'event':'E'}} > /steps/0/wait/event > [a-z0-9-]",
        "{'name':'a','race':{'x':{'type':'t'}}} > /steps/0/race > 2 to 32 branches, but got 1",
        "{'name':'a','race':{'x':{'type':'t'},'Y':{'type':'t'}}} > /steps/0/race/Y > name of a branch",
        "{'name':'a','race':{'x':{'type':'t'},'y':{'wait':{'event':'e'},'type':'t'}}} > /steps/0/race/y > but got both",
        "{'name':'a','race':{'x':{'type':'t'},'y':{'map':{}}}} > /steps/0/race/y/map > one of the fields wait, type",
        "{'name':'a','type':'t','payload':[{'$item':''}]} > /steps/0/payload > in the stages of a map",
        "5 > /steps/0 > an object, but got a number"
      })
  void shouldSayWhatIsWrongWithAStep(String step, String pointer, String detail) {
    assertRefused(flow(step.replace('\'', '"')), pointer, detail);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '>',
      quoteCharacter = '|',
      value = {
        "{'steps':[{'name':'a','type':'t'}]} > /name > it is missing",
        "{'name':'f'} > /steps > at least one step",
        "{'name':'f','steps':[]} > /steps > at least one step",
        "{'name':'f','steps':{}} > /steps > an array, but got an object",
        "{'name':'f','stpes':[]} > /stpes > one of the fields name, input, steps",
        "{'name':'f','steps':[{'name':'a','type':'t'}],'onFailure':'stop'} > /onFailure > cancel, continue",
        "{'name':'f','steps':[{'name':'a','type':'t'}],'deadline':'2001-01-01T00:00:00Z'} > /deadline > in the future",
        "{'name':'f','steps':[{'name':'a','type':'t'}],'output':{'$from':'b'}} > /output > there is none named b",
        "{'name':'f','steps':[{'name':'a','type':'t'}],'tags':{'':'x'}} > /tags/ > of 1 to 63 characters",
        "[] > || > an object, but got an array"
      })
  void shouldSayWhatIsWrongWithAFlow(String flow, String pointer, String detail) {
    assertRefused(bytes(flow.replace('\'', '"')), pointer, detail);
  }

  @Test
  void shouldSayAllThatIsWrong() {
    Problem problem =
        refused(flow("{'name':'A','type':'-'},{'name':'b','when':1,'wait':{}}".replace('\'', '"')));

    assertEquals(
        List.of("/steps/0/name", "/steps/0/type", "/steps/1/when", "/steps/1/wait"),
        problem.errors().stream().map(each -> each.pointer()).toList());
  }

  @Test
  void shouldBoundStepsAndNeedsAndBranchesAndStagesAndSize() throws RefusedException {
    assertEquals(200, parser.parse(flow(steps(200)), null).steps().size());
    assertRefused(flow(steps(201)), "/steps", "at most 200 elements, but got 201");

    String needs = list(32, i -> "\"s" + i + "\"");
    assertEquals(
        33,
        parser
            .parse(
                flow(
                    steps(40) + ",{\"name\":\"z\",\"type\":\"t\",\"needs\":[\"*\"," + needs + "]}"),
                null)
            .steps()
            .getLast()
            .needs()
            .size());
    assertRefused(
        flow(steps(40) + ",{\"name\":\"z\",\"type\":\"t\",\"needs\":[\"s39\"," + needs + "]}"),
        "/steps/40/needs",
        "at most 32 needs, but got 33");

    String stages = list(21, _ -> "{\"type\":\"t\"}");
    assertRefused(
        flow("{\"name\":\"a\",\"map\":{\"over\":[]},\"do\":[" + stages + "]}"),
        "/steps/0/do",
        "at most 20 elements, but got 21");
    String branches = list(33, i -> "\"b" + i + "\":{\"type\":\"t\"}");
    assertRefused(
        flow("{\"name\":\"a\",\"race\":{" + branches + "}}"), "/steps/0/race", "but got 33");

    String padded = new String(flow(steps(1)), StandardCharsets.UTF_8);
    int room = FlowSpec.BYTES_MAX - padded.length();
    assertEquals(1, parser.parse(bytes(padded + " ".repeat(room)), null).steps().size());
    assertEquals(ErrorCode.PAYLOAD_TOO_LARGE, refused(bytes(padded + " ".repeat(room + 1))).code());
  }

  /** Broken documents are refused and never throw; what is taken can be run and written. */
  @Test
  void shouldReadWhateverComes() {
    long seed = new Random().nextLong();
    var random = new Random(seed);
    int taken = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = EXAMPLE.getBytes(StandardCharsets.UTF_8);
      for (int k = random.nextInt(4); k > 0; k--) {
        int at = random.nextInt(bytes.length);
        bytes[at] =
            random.nextBoolean() ? bytes[random.nextInt(bytes.length)] : (byte) random.nextInt();
      }
      try {
        FlowSpec flow = parser.parse(bytes, null);
        assertEquals(List.of(), FlowCheck.problems(flow), "seed " + seed);
        taken++;
      } catch (RefusedException e) {
        assertTrue(e.problem().detail().startsWith("Expected"), e.problem()::detail);
      }
    }
    assertTrue(taken > 1_000 && taken < 19_000, "taken " + taken);
  }

  private Problem refused(byte[] json) {
    return assertThrows(RefusedException.class, () -> parser.parse(json, null)).problem();
  }

  private void assertRefused(byte[] json, String pointer, String detail) {
    Problem problem = refused(json);
    assertTrue(
        problem.errors().stream()
            .anyMatch(each -> each.pointer().equals(pointer) && each.detail().contains(detail)),
        problem::toString);
  }

  private static String steps(int count) {
    return list(count, i -> "{\"name\":\"s" + i + "\",\"type\":\"t\"}");
  }

  private static String list(int count, IntFunction<String> element) {
    return IntStream.range(0, count).mapToObj(element).collect(Collectors.joining(","));
  }

  private static byte[] flow(String steps) {
    return bytes("{\"name\":\"f\",\"steps\":[" + steps + "]}");
  }

  private static byte[] bytes(String json) {
    return json.getBytes(StandardCharsets.UTF_8);
  }
}
