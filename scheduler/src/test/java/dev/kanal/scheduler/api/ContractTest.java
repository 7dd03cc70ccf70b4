package dev.kanal.scheduler.api;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kanal.common.error.ErrorCode;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.Priority;
import dev.kanal.common.job.Reason;
import dev.kanal.common.schedule.ConcurrencyPolicy;
import dev.kanal.common.schedule.Misfire;
import dev.kanal.common.schedule.SkipReason;
import dev.kanal.scheduler.api.counts.Finding;
import dev.kanal.scheduler.api.http.Route;
import dev.kanal.scheduler.api.operate.Contract;
import dev.kanal.scheduler.api.queues.QueueFields;
import dev.kanal.scheduler.api.schedules.ScheduleParser;
import dev.kanal.scheduler.api.spec.JobFields;
import dev.kanal.scheduler.engine.query.WaitCause;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class ContractTest {
  private static ApiNode node;
  private static ContractFile contract;

  /** By path: the name that an example was put by last. */
  private final Map<String, String> put = new HashMap<>();

  @BeforeAll
  static void start() throws IOException {
    node = new ApiNode();
    contract = new ContractFile();
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void routesAndOperationsAreTheSame() {
    TreeSet<String> routes = new TreeSet<>();
    node.server.routeTable().forEach(route -> routes.add(route.method() + " " + route.path()));

    assertEquals(routes, contract.operations().keySet());
  }

  @Test
  void parametersAndMediaTypesAreTheSame() {
    for (Route route : node.server.routeTable()) {
      JsonNode operation = operation(route.method() + " " + route.path());
      TreeSet<String> query = new TreeSet<>();
      for (JsonNode parameter : operation.path("parameters")) {
        JsonNode resolved = contract.resolve(parameter);
        if (resolved.get("in").asText().equals("query")) {
          query.add(resolved.get("name").asText());
        }
      }
      assertEquals(new TreeSet<>(route.query()), query, route.path());
      JsonNode responses = operation.get("responses");
      JsonNode ok = contract.resolve(responses.path(responses.has("200") ? "200" : "202"));
      assertTrue(
          route.mediaTypes().allMatch(type -> ok.path("content").has(type))
              || operation.get("responses").has("204"),
          route.path());
      JsonNode body = operation.at("/requestBody/content");
      assertTrue(route.consumes() == null ? body.isMissingNode() : body.has(route.consumes()));
    }
  }

  @Test
  void whatTheTableSeesIsDeclared() {
    int matched = 0;
    for (BadRequests.Case each : BadRequests.all()) {
      for (Map.Entry<String, JsonNode> operation : contract.operations().entrySet()) {
        if (each.start()
            .split("\\?")[0]
            .matches(
                operation
                    .getKey()
                    .replace("{id}", "(?!bulk)[^/]+")
                    .replaceAll("\\{[a-z]+}", "[^/]+"))) {
          String status = each.answer().split(" ")[0];
          JsonNode responses = operation.getValue().get("responses");
          assertTrue(
              responses.has(status), operation.getKey() + " answers " + status + " to " + each);
          matched++;
        }
      }
    }
    assertTrue(matched > 100, "cases of declared operations: " + matched);
  }

  @Test
  void everyExampleIsAccepted() {
    int examples = 0;
    var putFirst = new TreeMap<String, JsonNode>(Comparator.reverseOrder());
    putFirst.putAll(contract.operations());
    for (Map.Entry<String, JsonNode> operation : putFirst.entrySet()) {
      for (Map.Entry<String, JsonNode> media :
          operation.getValue().at("/requestBody/content").properties()) {
        for (JsonNode example : media.getValue().path("examples")) {
          String call = operation.getKey();
          String name = call.startsWith("PUT") ? "example-" + examples : lastPut(call);
          accept(call.replace("{name}", name).split(" "), media.getKey(), example.get("value"));
          put.put(call.substring(call.indexOf(' ')), name);
          examples++;
        }
      }
    }
    assertTrue(examples >= 5, "examples: " + examples);
  }

  private String lastPut(String call) {
    return put.getOrDefault(call.substring(call.indexOf(' ')), "");
  }

  private static void accept(String[] call, String mediaType, JsonNode value) {
    String body = value.isTextual() ? value.asText() : value.toString();
    HttpResponse<byte[]> response =
        node.send(
            node.posting(call[1], mediaType, body.getBytes(StandardCharsets.UTF_8))
                .method(call[0], BodyPublishers.ofString(body)));
    String answer = new String(response.body(), StandardCharsets.UTF_8);
    assertEquals(2, response.statusCode() / 100, answer);
    assertFalse(answer.contains("urn:kanal:problem"), answer);
  }

  @Test
  void listsAreTheSameAsInTheCode() {
    assertEnum("ProblemType", Arrays.stream(ErrorCode.values()).map(ErrorCode::type));
    assertEnum("JobState", Arrays.stream(JobState.values()).map(JobState::name));
    assertEnum("Reason", Arrays.stream(Reason.values()).map(Reason::text));
    assertEnum("SkipReason", Arrays.stream(SkipReason.values()).map(SkipReason::text));
    assertEnum("MisfirePolicy", Arrays.stream(Misfire.Policy.values()).map(Misfire.Policy::text));
    assertEnum(
        "ConcurrencyPolicy",
        Arrays.stream(ConcurrencyPolicy.values()).map(ConcurrencyPolicy::text));
    assertEnum("WaitCause", Arrays.stream(WaitCause.values()).map(WaitCause::text));
    assertEquals(
        contract
            .schema("Finding")
            .at("/properties/code/enum")
            .valueStream()
            .map(JsonNode::asText)
            .toList(),
        Arrays.stream(Finding.Code.values()).map(Finding.Code::text).toList());
    assertEnum("Priority", Arrays.stream(Priority.values()).map(Priority::text));
    assertFields("JobRequest", JobFields.FIELDS);
    assertFields("ScheduleRequest", ScheduleParser.FIELDS);
    assertFields("QueueRequest", QueueFields.FIELDS);
  }

  private static void assertFields(String schema, String fields) {
    assertEquals(
        new TreeSet<>(List.of(fields.split(", "))),
        contract.schema(schema).get("properties").properties().stream()
            .map(Map.Entry::getKey)
            .collect(Collectors.toCollection(TreeSet::new)));
  }

  @Test
  void objectsAreClosed_referencesResolve_andOperationsHaveNames() {
    contract
        .root
        .at("/components/schemas")
        .properties()
        .forEach(
            schema -> {
              boolean isObject = schema.getValue().path("type").asText().equals("object");
              assertTrue(
                  !isObject || schema.getValue().has("additionalProperties"), schema.getKey());
            });
    for (JsonNode reference : contract.root.findValues("$ref")) {
      assertFalse(
          contract.root.at(reference.asText().substring(1)).isMissingNode(), reference.asText());
    }
    List<String> names = contract.root.findValuesAsText("operationId");
    assertEquals(contract.operations().size(), new TreeSet<>(names).size());
    assertTrue(contract.root.findValues("oneOf").isEmpty(), "oneOf needs a discriminator");
  }

  @Test
  void answersAreAsTheContractHasThem() {
    assertValid("Liveness", node.get("/livez"));
    assertValid("Readiness", node.get("/readyz"));
    assertValid(
        "QueueSettings",
        node.put("/v1/queues/set", "{\"rate\":{\"permits\":1,\"per\":\"1s\"},\"concurrency\":1}"));
    assertValid("QueueSettings", node.act("/v1/queues/set/pause"));
    assertValid("Queue", node.get("/v1/queues/set"));
    assertValid(
        "Schedule",
        node.put(
            "/v1/schedules/valid",
            "{\"every\":\"5m\",\"startingDeadline\":\"1h\",\"job\":{\"type\":\"a\"}}"));
    assertValid("ScheduleRun", node.act("/v1/schedules/valid/trigger"));
    assertValid("ScheduleRuns", node.get("/v1/schedules/valid/runs"));
    assertValid("Schedule", node.get("/v1/schedules/valid"));
    assertValid("ScheduleList", node.get("/v1/schedules?limit=1"));
    assertValid("QueueList", node.get("/v1/queues"));
    assertValid("Problem", node.submit("{\"type\":1}"));
    assertValid("JobList", node.get("/v1/jobs?limit=1"));
    HttpResponse<byte[]> bulkAction =
        node.send(
            node.posting(
                "/v1/bulk-actions",
                "application/json",
                "{\"action\":\"cancel\",\"filter\":{\"queue\":\"a\"}}"
                    .getBytes(StandardCharsets.UTF_8)));
    assertValid("BulkAction", bulkAction);
    assertValid("BulkAction", node.get(ApiNode.header(bulkAction, "Location")));
    assertValid("Job", node.submit("{\"type\":\"a\",\"delay\":\"5s\",\"tags\":{\"a\":\"b\"}}"));
    HttpResponse<byte[]> bulk =
        node.send(
            node.posting(
                "/v1/jobs/bulk",
                "application/x-ndjson",
                "{\"type\":\"a\"}\n{}\n".getBytes(StandardCharsets.UTF_8)));
    new String(bulk.body(), StandardCharsets.UTF_8)
        .lines()
        .forEach(
            line ->
                assertEquals(
                    List.of(), contract.violations("BatchAnswer", ApiNode.parse(line)), line));
  }

  @Test
  void theContractIsServedAsItIs() throws IOException {
    HttpResponse<byte[]> response = node.get("/openapi.yaml");

    assertEquals(200, response.statusCode());
    assertEquals("application/yaml", ApiNode.header(response, "Content-Type"));
    try (var in = Contract.class.getResourceAsStream(Contract.RESOURCE)) {
      assertArrayEquals(in == null ? new byte[0] : in.readAllBytes(), response.body());
    }
  }

  private static void assertValid(String schema, HttpResponse<byte[]> response) {
    String text = new String(response.body(), StandardCharsets.UTF_8);
    assertEquals(List.of(), contract.violations(schema, ApiNode.json(response)), text);
  }

  private static void assertEnum(String schema, Stream<String> values) {
    assertEquals(values.toList(), contract.names(contract.schema(schema).get("enum")));
  }

  private static JsonNode operation(String key) {
    JsonNode operation = contract.operations().get(key);
    assertTrue(operation != null, key);
    return operation == null ? contract.root : operation;
  }
}
