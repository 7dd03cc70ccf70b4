package dev.kanal.k8s;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kanal.common.config.Role;
import dev.kanal.common.config.Settings;
import dev.kanal.common.config.Sources;
import dev.kanal.common.config.WorkerConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ManifestsTest {
  private static final Path BASE = Manifests.ROOT.resolve("base");
  private static final Path SASL = Manifests.ROOT.resolve("components/kafka-sasl");
  private static final int AFTER_GRACE_SECONDS = 10;
  private static final Set<String> KUSTOMIZE = Set.of("Kustomization", "Component");

  private List<JsonNode> base = List.of();

  @BeforeEach
  void read() throws IOException {
    base = Manifests.readAll(BASE);
  }

  @Test
  void shouldHaveOnlyWhatTheApiKnows() throws IOException {
    List<String> unknown = new ArrayList<>();
    for (Path file : Manifests.files()) {
      for (JsonNode each : Manifests.read(file)) {
        boolean foreign = KUSTOMIZE.contains(each.path("kind").asText());
        if (!foreign && !each.path("apiVersion").asText().startsWith("keda.sh/")) {
          unknown.addAll(Manifests.unknownFields(each));
        }
      }
    }
    assertEquals(List.of(), unknown);
  }

  /** An http job of production calls neither its worker nor the cluster behind the policies. */
  @Test
  void shouldDenyLoopbackAndTheClustersNetworks_inProduction() throws IOException {
    JsonNode settings =
        Manifests.read(Manifests.ROOT.resolve("overlays/production/kustomization.yaml"))
            .getFirst()
            .at("/configMapGenerator/0/literals");
    List<String> lines = new ArrayList<>();
    settings.forEach(each -> lines.add(each.asText()));
    assertTrue(
        lines.contains("KANAL_WORKER_HTTP_HANDLER_DENY=127.0.0.0/8,::1,10.244.0.0/16,10.96.0.0/12"),
        lines::toString);
  }

  @Test
  void shouldFindAFieldThatTheApiDoesNotKnow() {
    String text =
        "{apiVersion: apps/v1, kind: Deployment, spec: {template: {spec: {containers: [{nmae:"
            + " x}]}}}}";

    List<String> unknown = Manifests.unknownFields(Manifests.parse(text).getFirst());

    assertEquals(1, unknown.size(), unknown::toString);
    assertTrue(unknown.getFirst().endsWith(".nmae"), unknown::toString);
  }

  @ParameterizedTest
  @ValueSource(strings = {"StatefulSet kanal-scheduler", "Deployment kanal-worker"})
  void shouldRunConfined(String which) {
    JsonNode pod = pod(which);
    JsonNode context = pod.path("securityContext");
    assertTrue(context.path("runAsNonRoot").asBoolean());
    assertEquals(10_001, context.path("runAsUser").asInt());
    assertEquals("RuntimeDefault", context.at("/seccompProfile/type").asText());
    assertFalse(pod.path("automountServiceAccountToken").asBoolean(true));
    // Otherwise Kubernetes would add variables such as KANAL_SCHEDULER_PORT, which stop the start.
    assertFalse(pod.path("enableServiceLinks").asBoolean(true));
    JsonNode container = pod.at("/containers/0");
    assertTrue(container.at("/securityContext/readOnlyRootFilesystem").asBoolean());
    assertFalse(container.at("/securityContext/allowPrivilegeEscalation").asBoolean(true));
    assertEquals("ALL", container.at("/securityContext/capabilities/drop/0").asText());
    assertTrue(container.at("/resources/requests/memory").isTextual());
    assertEquals(
        container.at("/resources/requests/memory"), container.at("/resources/limits/memory"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"StatefulSet kanal-scheduler", "Deployment kanal-worker"})
  void shouldFitTogether(String which) {
    JsonNode set = set(which);
    JsonNode pod = pod(which);
    JsonNode container = pod.at("/containers/0");
    JsonNode labels = set.at("/spec/template/metadata/labels");
    assertEquals(labels, set.at("/spec/selector/matchLabels"));
    String name = set.at("/metadata/name").asText();
    assertEquals(
        labels, Manifests.one(base, "PodDisruptionBudget", name).at("/spec/selector/matchLabels"));
    assertEquals(
        labels, Manifests.one(base, "NetworkPolicy", name).at("/spec/podSelector/matchLabels"));
    Set<String> volumes = new HashSet<>();
    pod.path("volumes").forEach(each -> volumes.add(each.path("name").asText()));
    set.at("/spec/volumeClaimTemplates")
        .forEach(each -> volumes.add(each.at("/metadata/name").asText()));
    Set<String> mounted = new HashSet<>();
    container.path("volumeMounts").forEach(each -> mounted.add(each.path("name").asText()));
    assertEquals(volumes, mounted);
    for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
      JsonNode asked = container.path(probe).path("httpGet");
      String path = probe.equals("readinessProbe") ? "/readyz" : "/livez";
      assertEquals(path, asked.path("path").asText());
      assertEquals(container.at("/ports/0/name"), asked.path("port"));
    }
  }

  @Test
  void shouldReachTheSchedulers_byTheirServices() {
    JsonNode set = set("StatefulSet kanal-scheduler");
    for (String name : List.of("kanal-scheduler", "kanal-schedulers")) {
      JsonNode service = Manifests.one(base, "Service", name);
      assertEquals(set.at("/spec/template/metadata/labels"), service.at("/spec/selector"));
      assertEquals(8080, service.at("/spec/ports/0/port").asInt());
    }
    JsonNode headless = Manifests.one(base, "Service", set.at("/spec/serviceName").asText());
    assertEquals("None", headless.at("/spec/clusterIP").asText());
    assertTrue(headless.at("/spec/publishNotReadyAddresses").asBoolean());
  }

  @Test
  void shouldSetWhatThereIs_forSchedulersAndWorkers() throws Exception {
    Map<String, String> scheduler = environment("StatefulSet kanal-scheduler", "scheduler.yaml");
    assertEquals("kanal-scheduler-0.kanal-schedulers:8080", scheduler.get("KANAL_HTTP_ADVERTISED"));
    var _ = Settings.resolve(Role.SCHEDULER, new Sources(Map.of(), scheduler, Map.of()));
    Map<String, String> worker = environment("Deployment kanal-worker", "worker.yaml");
    Settings settings = Settings.resolve(Role.WORKER, new Sources(Map.of(), worker, Map.of()));
    long drain = WorkerConfig.from(settings).grace().toSeconds() + AFTER_GRACE_SECONDS;
    long given = pod("Deployment kanal-worker").path("terminationGracePeriodSeconds").asLong();
    assertTrue(given > drain, () -> given + " s are not longer than " + drain + " s");
  }

  @Test
  void shouldScaleWhatThereIs() throws IOException {
    JsonNode scaled =
        Manifests.read(Manifests.ROOT.resolve("components/keda/scaled-object.yaml")).getFirst();
    JsonNode target =
        Manifests.one(base, "Deployment", scaled.at("/spec/scaleTargetRef/name").asText());
    assertTrue(target.has("spec"));
    String url = scaled.at("/spec/triggers/0/metadata/url").asText();
    String service =
        Manifests.one(base, "Service", "kanal-scheduler").at("/metadata/name").asText();
    assertTrue(url.startsWith("http://" + service + ":8080/v1/scaling/"), url);
  }

  @Test
  void shouldUseEveryFile_andFindEachThatIsNamed() throws IOException {
    Set<Path> named = new HashSet<>();
    for (Path file : Manifests.files()) {
      if (file.endsWith("kustomization.yaml")) {
        named.add(file);
        JsonNode kustomization = Manifests.read(file).getFirst();
        for (String list : List.of("resources", "components")) {
          kustomization.path(list).forEach(each -> named.add(target(file, each.asText())));
        }
        kustomization
            .path("patches")
            .forEach(each -> named.add(target(file, each.path("path").asText(""))));
      }
    }
    for (Path each : named) {
      assertTrue(Files.exists(each), () -> "Expected " + each);
    }
    named.removeIf(Files::isDirectory);
    assertEquals(Set.copyOf(Manifests.files()), named);
  }

  private static Path target(Path kustomization, String name) {
    return kustomization.resolveSibling(name).normalize();
  }

  @ParameterizedTest
  @ValueSource(strings = {"base", "overlays/trial", "overlays/production"})
  void shouldBeBuilt_withKustomize(String directory) throws Exception {
    Process kubectl = kustomize(directory);
    assumeTrue(kubectl != null, "no kubectl is installed");
    String built = new String(kubectl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, kubectl.waitFor(), built);
    List<String> unknown = new ArrayList<>();
    List<JsonNode> documents = Manifests.parse(built);
    for (JsonNode each : documents) {
      if (!each.path("apiVersion").asText().startsWith("keda.sh/")) {
        unknown.addAll(Manifests.unknownFields(each));
      }
    }
    assertEquals(List.of(), unknown);
    assertTrue(documents.size() >= base.size(), built);
    boolean scaled = directory.endsWith("production");
    assertEquals(
        scaled,
        Manifests.one(documents, "Deployment", "kanal-worker")
            .at("/spec/replicas")
            .isMissingNode());
  }

  private static @Nullable Process kustomize(String directory) {
    try {
      return new ProcessBuilder("kubectl", "kustomize", directory)
          .directory(Manifests.ROOT.toFile())
          .redirectErrorStream(true)
          .start();
    } catch (IOException _) {
      return null;
    }
  }

  /** As in the container, with what the secrets' component adds. */
  private Map<String, String> environment(String which, String sasl) throws IOException {
    Map<String, String> environment = new HashMap<>();
    for (String line : Files.readAllLines(BASE.resolve("settings.env"))) {
      int equals = line.indexOf('=');
      environment.put(line.substring(0, equals), line.substring(equals + 1));
    }
    put(environment, pod(which));
    put(environment, Manifests.read(SASL.resolve(sasl)).getFirst().at("/spec/template/spec"));
    environment.keySet().removeIf(key -> !key.startsWith("KANAL_"));
    return environment;
  }

  private static void put(Map<String, String> environment, JsonNode pod) {
    for (JsonNode each : pod.at("/containers/0/env")) {
      String value = each.path("value").asText("kanal-scheduler-0");
      environment.put(
          each.path("name").asText(), value.replace("$(POD_NAME)", "kanal-scheduler-0"));
    }
  }

  private JsonNode pod(String which) {
    return set(which).at("/spec/template/spec");
  }

  private JsonNode set(String which) {
    String[] words = which.split(" ", -1);
    return Manifests.one(base, words[0], words[1]);
  }
}
