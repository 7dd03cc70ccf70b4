package dev.kanal.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** YAML documents, as trees. */
final class Manifests {
  static final Path ROOT = Path.of("").toAbsolutePath();
  static final ObjectMapper JSON = new ObjectMapper();

  private static final Map<String, Class<? extends KubernetesResource>> KINDS =
      Map.of(
          "v1 ConfigMap", ConfigMap.class,
          "v1 Namespace", Namespace.class,
          "v1 Service", Service.class,
          "v1 ServiceAccount", ServiceAccount.class,
          "apps/v1 Deployment", Deployment.class,
          "apps/v1 StatefulSet", StatefulSet.class,
          "networking.k8s.io/v1 NetworkPolicy", NetworkPolicy.class,
          "policy/v1 PodDisruptionBudget", PodDisruptionBudget.class);

  private Manifests() {}

  /** Every file of the manifests. */
  static List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(ROOT)) {
      return all.filter(file -> file.toString().endsWith(".yaml"))
          .filter(file -> !file.startsWith(ROOT.resolve("target")))
          .sorted()
          .toList();
    }
  }

  static List<JsonNode> read(Path file) throws IOException {
    return parse(Files.readString(file));
  }

  /** Keys that stand twice are refused. */
  static List<JsonNode> parse(String text) {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    List<JsonNode> documents = new ArrayList<>();
    for (Object document : new Yaml(new SafeConstructor(options)).loadAll(text)) {
      documents.add(JSON.valueToTree(document));
    }
    return documents;
  }

  /** The documents of a directory that are Kubernetes' own. */
  static List<JsonNode> readAll(Path directory) throws IOException {
    List<JsonNode> all = new ArrayList<>();
    for (Path file : files()) {
      if (directory.equals(file.getParent())) {
        for (JsonNode each : read(file)) {
          if (KINDS.containsKey(kind(each))) {
            all.add(each);
          }
        }
      }
    }
    return all;
  }

  static JsonNode one(List<JsonNode> documents, String kind, String name) {
    return documents.stream()
        .filter(each -> each.path("kind").asText().equals(kind))
        .filter(each -> each.at("/metadata/name").asText().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("Expected a " + kind + " " + name));
  }

  static String kind(JsonNode document) {
    return document.path("apiVersion").asText() + " " + document.path("kind").asText();
  }

  /**
   * The fields of a document that the API does not know, by path; empty if it knows all.
   *
   * @throws IllegalArgumentException if something has the wrong type
   */
  static List<String> unknownFields(JsonNode document) {
    Class<? extends KubernetesResource> type = KINDS.get(kind(document));
    if (type == null) {
      return List.of("the kind " + kind(document));
    }
    List<String> unknown = new ArrayList<>();
    Strictness.collect(JSON.convertValue(document, type), kind(document), unknown);
    return unknown;
  }
}
