package dev.kanal.scheduler.api.flows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kanal.common.log.FlowEntry.SignalFlow;
import dev.kanal.common.log.LogFormat;
import dev.kanal.scheduler.api.ApiNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class FlowApiTest {
  private static final String CHAIN =
      """
      {"name":"chain","steps":[{"name":"a","type":"echo"},
       {"name":"b","needs":["a"],"type":"echo","payload":{"$from":"a"}}],
       "output":{"$from":"b"},"tags":{"team":"img"}}""";
  private static final String WAITS =
      "{\"name\":\"waits\",\"steps\":[{\"name\":\"ok\",\"wait\":{\"event\":\"approved\"}}]}";
  private static final String GROUP =
      "{\"name\":\"g\",\"steps\":[{\"name\":\"all\",\"group\":{\"atOnce\":1}}]}";
  private static final String STREAM =
      "{\"name\":\"s\",\"steps\":[{\"name\":\"all\",\"map\":{\"over\":{\"stream\":{}},"
          + "\"atOnce\":1},\"do\":[{\"type\":\"echo\",\"payload\":{\"$item\":\"\"}}]}]}";

  private final ApiNode node = new ApiNode();

  @AfterEach
  void stop() {
    node.close();
  }

  @Test
  void aFlowRunsStepByStep_andIsForgotten() {
    HttpResponse<byte[]> made = submit(CHAIN);
    assertEquals(202, made.statusCode(), () -> text(made));
    String path = ApiNode.header(made, "Location");
    JsonNode begun = ApiNode.json(made);
    assertEquals("/v1/flows/" + begun.get("id").asText(), path);
    assertEquals("RUNNING", begun.get("state").asText());
    assertEquals("img", begun.at("/tags/team").asText());
    assertEquals("RUNNING", begun.at("/steps/0/state").asText());
    assertEquals("WAITING", begun.at("/steps/1/state").asText());
    assertFalse(begun.at("/steps/0/job").isMissingNode());
    assertEquals(409, node.delete(path).statusCode());

    node.shards.flows.succeed("a", "[1]");
    assertEquals("RUNNING", ApiNode.json(node.get(path)).at("/steps/1/state").asText());
    node.shards.flows.succeed("b", "{\"x\":2}");

    JsonNode ended = ApiNode.json(node.get(path));
    assertEquals("SUCCEEDED", ended.get("state").asText());
    assertEquals("{\"x\":2}", ended.get("output").toString());
    assertEquals(0, ended.get("openMembers").asInt());
    assertEquals("flow-final", code(node.act(path + "/cancel"), 409));
    assertEquals(204, node.delete(path).statusCode());
    assertEquals(404, node.get(path).statusCode());
    assertEquals(404, node.delete(path).statusCode());
  }

  @Test
  void nothingIsTaken_whileASchedulerMayBeThereThatCannotReadIt() {
    node.shards.logFormat = LogFormat.JOBS.number();
    int before = node.shards.sent.get();

    HttpResponse<byte[]> refused = submit(CHAIN);

    assertEquals("upgrading", code(refused, 503));
    assertEquals("5", ApiNode.header(refused, "Retry-After"));
    assertEquals(before, node.shards.sent.get());
  }

  @Test
  void aCallWaitsForTheEnd() {
    String path = path(submit(CHAIN));
    node.shards.flows.succeed("a", "1");
    CompletableFuture<HttpResponse<byte[]>> waiting =
        CompletableFuture.supplyAsync(() -> node.get(path + "?wait=30s"));
    node.shards.flows.succeed("b", "2");

    assertEquals("SUCCEEDED", ApiNode.json(waiting.join()).get("state").asText());
    assertEquals("malformed-query", code(node.get(path + "?wait=61s"), 400));
  }

  @Test
  void whatWasSubmittedIsShown_withEveryDefault() {
    String path = path(submit(CHAIN));

    JsonNode definition = ApiNode.json(node.get(path + "/definition"));

    assertEquals("cancel", definition.get("onFailure").asText());
    assertEquals("default", definition.at("/steps/0/queue").asText());
    assertEquals("succeeded", definition.at("/steps/1/when").asText());
  }

  @Test
  void everythingWrongIsSaid_withItsPointer() {
    HttpResponse<byte[]> refused =
        submit("{\"name\":\"x\",\"steps\":[{\"name\":\"a\",\"needs\":[\"z\"],\"type\":\"t\"}]}");

    assertEquals("invalid-request", code(refused, 422));
    assertTrue(
        ApiNode.json(refused).at("/errors/0/pointer").asText().startsWith("/steps/0/needs"),
        () -> text(refused));
  }

  /** It is not silently kept longer than the user counts on. */
  @Test
  void membersAreNotForgottenBeforeTheirFlow() {
    HttpResponse<byte[]> refused = submit(GROUP.replace("\"atOnce\":1", "\"keep\":\"failed\""));

    assertEquals("invalid-request", code(refused, 422));
    assertEquals("/steps/0/group/keep", ApiNode.json(refused).at("/errors/0/pointer").asText());
    assertEquals(202, submit(GROUP.replace("\"atOnce\":1", "\"keep\":\"all\"")).statusCode());
  }

  @Test
  void aSubmitWithAKeyIsRepeatable() {
    String keyed =
        CHAIN.replace("{\"name\":\"chain\"", "{\"idempotencyKey\":\"k\",\"name\":\"chain\"");
    HttpResponse<byte[]> first = submit(keyed);
    HttpResponse<byte[]> again = submit(keyed);

    assertEquals(202, first.statusCode());
    assertEquals(200, again.statusCode());
    assertEquals("true", ApiNode.header(again, "Idempotency-Replayed"));
    assertEquals(ApiNode.header(first, "Location"), ApiNode.header(again, "Location"));
    assertEquals("idempotency-mismatch", code(submit(keyed.replace("\"img\"", "\"other\"")), 422));
    assertNotEquals(ApiNode.header(first, "Location"), ApiNode.header(submit(CHAIN), "Location"));
  }

  @Test
  void aCancelledFlowEndsOnceItsJobsHave() {
    String path = path(submit(CHAIN));

    JsonNode cancelled = ApiNode.json(node.act(path + "/cancel"));

    assertTrue(
        List.of("ENDING", "CANCELLED").contains(cancelled.get("state").asText()),
        cancelled::toString);
    JsonNode after = ApiNode.json(node.get(path));
    assertEquals("CANCELLED", after.get("state").asText());
    assertEquals("CANCELLED", after.at("/steps/0/state").asText());
    assertEquals("SKIPPED", after.at("/steps/1/state").asText());
    assertEquals("malformed-query", code(node.act(path + "/cancel?all=1"), 400));
  }

  @Test
  void anEventCountsOnce() {
    String path = path(submit(WAITS));
    String event = path + "/events/approved";

    assertEquals(200, post(event, "{\"payload\":{\"by\":\"ann\"}}").statusCode());
    assertEquals("SUCCEEDED", ApiNode.json(node.get(path)).get("state").asText());
    HttpResponse<byte[]> again = post(event, "{\"payload\":{\"by\":\"ann\"}}");
    assertEquals(200, again.statusCode());
    assertEquals("true", ApiNode.header(again, "Idempotency-Replayed"));
    assertEquals("event-taken", code(post(event, "{\"payload\":2}"), 409));
    assertEquals("not-found", code(post(path + "/events/other", "{}"), 404));
    assertEquals("invalid-request", code(post(event, "{\"load\":2}"), 422));
    String most = "\"" + "x".repeat(SignalFlow.PAYLOAD_MAX - 2) + "\"";
    String other = path(submit(WAITS)) + "/events/approved";
    assertEquals(
        "payload-too-large",
        code(post(other, "{\"payload\":" + most.replaceFirst("x", "xx") + "}"), 413));
    assertEquals(200, post(other, "{\"payload\":" + most + "}").statusCode());
    assertEquals(
        "flow-final", code(post(path(ended(WAITS)) + "/events/approved", "{\"payload\":1}"), 409));
  }

  @Test
  void itemsAreTakenInTheirOrder_andOnce() {
    String path = path(submit(STREAM));
    String items = path + "/steps/all/items";

    JsonNode first = ApiNode.json(lines(items + "?seq=1", "1\n{\"a\":2}\n\n"));
    assertEquals(2, first.get("width").asInt());
    assertEquals(1, first.get("unlaunched").asInt());
    HttpResponse<byte[]> again = lines(items + "?seq=1", "1\n{\"a\":2}\n");
    assertEquals("true", ApiNode.header(again, "Idempotency-Replayed"));
    assertEquals(2, ApiNode.json(again).get("width").asInt());
    assertEquals("seq-expected", code(lines(items + "?seq=3", "3"), 409));
    assertEquals("malformed-query", code(lines(items, "3"), 400));
    assertEquals("invalid-request", code(lines(items + "?seq=2", "3\n{"), 422));
    JsonNode closed = ApiNode.json(lines(items + "?seq=2&close=true", ""));
    assertTrue(closed.get("closed").asBoolean());
    assertEquals("step-closed", code(lines(items + "?seq=3", "3"), 409));
    assertEquals("not-found", code(lines(path + "/steps/none/items?seq=1", "3"), 404));

    node.shards.flows.succeed("all", "10");
    node.shards.flows.succeed("all", "20");
    assertEquals("SUCCEEDED", ApiNode.json(node.get(path)).get("state").asText());
    JsonNode members = ApiNode.json(node.get(path + "/steps/all/members?state=succeeded&limit=1"));
    assertEquals(0, members.at("/items/0/index").asInt());
    assertEquals("succeeded", members.at("/items/0/state").asText());
    assertEquals(1, members.get("next").asInt());
  }

  @Test
  void aGroupTakesWholeJobs_withoutKeysOfTheirOwn() {
    String items = path(submit(GROUP)) + "/steps/all/items";

    assertEquals(
        "invalid-request",
        code(lines(items + "?seq=1", "{\"type\":\"mail\",\"idempotencyKey\":\"k\"}"), 422));
    assertEquals("invalid-request", code(lines(items + "?seq=1", "1"), 422));
    assertEquals(
        1, ApiNode.json(lines(items + "?seq=1", "{\"type\":\"mail\"}")).get("width").asInt());
  }

  @Test
  void moreItemsThanMayBeInARequestAreRefused() {
    String items = path(submit(STREAM)) + "/steps/all/items?seq=1";
    String most =
        IntStream.range(0, 1_000).mapToObj(Integer::toString).collect(Collectors.joining("\n"));

    assertEquals("payload-too-large", code(lines(items, most + "\n1000"), 413));
    assertEquals(1_000, ApiNode.json(lines(items, most)).get("width").asInt());
  }

  @Test
  void itemsAreRefused_whileTooManyWait() {
    String items = path(submit(STREAM)) + "/steps/all/items?seq=";
    String thousand = "1\n".repeat(1_000);
    List<Integer> answers = new ArrayList<>();
    for (int seq = 1; seq <= 12; seq++) {
      answers.add(lines(items + seq, thousand).statusCode());
    }

    assertEquals(Collections.nCopies(11, 200), answers.subList(0, 11));
    assertEquals(429, answers.getLast());
    assertEquals("step-full", code(lines(items + 12, "1"), 429));
  }

  @Test
  void listsShowTheNewestFirst_byPages() {
    for (int i = 0; i < 5; i++) {
      submit(CHAIN.replace("\"chain\"", "\"f-" + i + "\""));
    }
    String waits = path(submit(WAITS));
    post(waits + "/events/approved", "{}");

    JsonNode page = ApiNode.json(node.get("/v1/flows?limit=4"));
    JsonNode rest =
        ApiNode.json(node.get("/v1/flows?limit=4&cursor=" + page.get("nextCursor").asText()));

    List<String> ids = new ArrayList<>(page.findValuesAsText("id"));
    ids.addAll(rest.findValuesAsText("id"));
    assertEquals(6, ids.stream().distinct().count());
    assertEquals(ids.stream().sorted(Comparator.reverseOrder()).toList(), ids);
    assertTrue(rest.get("nextCursor").isNull());
    assertEquals(1, ApiNode.json(node.get("/v1/flows?state=SUCCEEDED")).get("items").size());
    assertEquals(1, ApiNode.json(node.get("/v1/flows?name=f-3")).get("items").size());
    assertEquals(5, ApiNode.json(node.get("/v1/flows?tag=team:img")).get("items").size());
    assertEquals(0, ApiNode.json(node.get("/v1/flows?tag=team:x")).get("items").size());
    assertEquals("malformed-query", code(node.get("/v1/flows?state=DONE"), 400));
    assertEquals(
        "malformed-query",
        code(node.get("/v1/flows?name=f-3&cursor=" + page.get("nextCursor").asText()), 400));
  }

  /** A flow that was cancelled. */
  private HttpResponse<byte[]> ended(String flow) {
    HttpResponse<byte[]> made = submit(flow);
    node.act(path(made) + "/cancel");
    return made;
  }

  private HttpResponse<byte[]> submit(String flow) {
    return post("/v1/flows", flow);
  }

  private HttpResponse<byte[]> post(String path, String json) {
    return send(path, "application/json", json);
  }

  private HttpResponse<byte[]> lines(String path, String lines) {
    return send(path, "application/x-ndjson", lines);
  }

  private HttpResponse<byte[]> send(String path, String mediaType, String body) {
    return node.send(
        node.posting(path, mediaType, body.getBytes(StandardCharsets.UTF_8))
            .method("POST", BodyPublishers.ofString(body)));
  }

  private static String path(HttpResponse<byte[]> made) {
    return ApiNode.header(made, "Location");
  }

  private static String code(HttpResponse<byte[]> refused, int status) {
    assertEquals(status, refused.statusCode(), () -> text(refused));
    return ApiNode.json(refused).get("type").asText().replace("urn:kanal:problem:", "");
  }

  private static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }
}
