package dev.kanal.scheduler.api;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.kanal.scheduler.api.operate.Contract;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The contract as a tree, with the few rules of JSON Schema that it uses. */
public final class ContractFile {
  final JsonNode root;

  public ContractFile() throws IOException {
    try (var in = ContractFile.class.getResourceAsStream(Contract.RESOURCE)) {
      root =
          YAMLMapper.builder()
              .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
              .build()
              .readTree(in);
    }
  }

  /** Each operation by its method and path, such as {@code POST /v1/jobs}. */
  Map<String, JsonNode> operations() {
    Map<String, JsonNode> operations = new TreeMap<>();
    root.get("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .properties()
                    .forEach(
                        method ->
                            operations.put(
                                method.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(),
                                method.getValue())));
    return operations;
  }

  JsonNode schema(String name) {
    return root.at("/components/schemas/" + name);
  }

  List<String> names(JsonNode values) {
    List<String> names = new ArrayList<>();
    values.forEach(value -> names.add(value.asText()));
    return names;
  }

  JsonNode resolve(JsonNode node) {
    String ref = node.path("$ref").asText();
    return ref.isEmpty() ? node : root.at(ref.substring(1));
  }

  /** What of {@code value} is not as the named schema has it. */
  public List<String> violations(String schema, JsonNode value) {
    List<String> found = new ArrayList<>();
    check("", schema(schema), value, found);
    return found;
  }

  private void check(String at, JsonNode referring, JsonNode value, List<String> found) {
    JsonNode schema = resolve(referring);
    if (schema.has("type") && !isOfAny(schema.get("type"), value)) {
      found.add(at + " is no " + schema.get("type") + ": " + value);
      return;
    }
    if (schema.has("enum") && !names(schema.get("enum")).contains(value.asText())) {
      found.add(at + " is none of " + schema.get("enum") + ": " + value);
    }
    if (schema.has("pattern") && !value.asText().matches(schema.get("pattern").asText())) {
      found.add(at + " does not match: " + value);
    }
    schema.path("required").forEach(name -> require(at, name.asText(), value, found));
    if (value.isObject() && schema.has("properties")) {
      value
          .properties()
          .forEach(
              field -> {
                JsonNode known = schema.get("properties").get(field.getKey());
                if (known == null) {
                  found.add(at + "/" + field.getKey() + " is unknown");
                } else {
                  check(at + "/" + field.getKey(), known, field.getValue(), found);
                }
              });
    }
    if (value.isArray() && schema.has("items")) {
      value.forEach(item -> check(at + "/-", schema.get("items"), item, found));
    }
  }

  private static void require(String at, String name, JsonNode value, List<String> found) {
    if (!value.has(name)) {
      found.add(at + "/" + name + " is missing");
    }
  }

  private static boolean isOfAny(JsonNode types, JsonNode value) {
    if (types.isTextual()) {
      return isOf(types.asText(), value);
    }
    for (JsonNode type : types) {
      if (isOf(type.asText(), value)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isOf(String type, JsonNode value) {
    return switch (type) {
      case "object" -> value.isObject();
      case "array" -> value.isArray();
      case "string" -> value.isTextual();
      case "integer" -> value.isIntegralNumber();
      case "number" -> value.isNumber();
      case "boolean" -> value.isBoolean();
      case "null" -> value.isNull();
      default -> throw new IllegalArgumentException(type);
    };
  }
}
