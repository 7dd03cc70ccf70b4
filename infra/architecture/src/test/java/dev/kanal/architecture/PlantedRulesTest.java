package dev.kanal.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Each rule finds a violation planted for it, and accepts a harmless class. */
public final class PlantedRulesTest {
  /** A rule, and classes that break it: {@code package.Class} and the text of a member. */
  record Plant(String rule, List<String> sources) {
    Plant {
      sources = List.copyOf(sources);
    }

    static Plant of(String rule, String type, String member) {
      return new Plant(rule, List.of(source(type, member)));
    }

    @Override
    public String toString() {
      return rule;
    }
  }

  private static final List<Plant> PLANTS =
      List.of(
          Plant.of(
              "common uses no other module",
              "dev.kanal.common.plant.A",
              "dev.kanal.architecture.PlantedRulesTest x;"),
          Plant.of(
              "scheduler and worker use no infra",
              "dev.kanal.worker.lane.A",
              "dev.kanal.architecture.PlantedRulesTest x;"),
          new Plant(
              "the SDK shows nothing internal",
              List.of(
                  source(
                      "dev.kanal.worker.A",
                      "public dev.kanal.worker.pool.B[] x() { return null; }"),
                  source("dev.kanal.worker.pool.B", ""))),
          new Plant(
              "the SDK shows nothing internal",
              List.of(
                  source(
                      "dev.kanal.worker.A",
                      "protected java.util.List<dev.kanal.worker.pool.B> x() { return null; }"),
                  source("dev.kanal.worker.pool.B", ""))),
          new Plant(
              "the SDK shows nothing internal",
              List.of(
                  source("dev.kanal.worker.A", "public dev.kanal.worker.pool.B x;"),
                  source("dev.kanal.worker.pool.B", ""))),
          new Plant(
              "the SDK shows nothing internal",
              List.of(
                  source(
                      "dev.kanal.worker.A",
                      "public static class C extends dev.kanal.worker.pool.B {}"),
                  source("dev.kanal.worker.pool.B", ""))),
          Plant.of(
              "the SDK shows nothing internal",
              "dev.kanal.worker.A",
              "public void x(org.apache.kafka.streams.KafkaStreams x) {}"),
          Plant.of(
              "the engine's core is pure",
              "dev.kanal.scheduler.engine.job.A",
              "org.apache.kafka.clients.admin.Admin x;"),
          Plant.of(
              "the engine's core is pure",
              "dev.kanal.scheduler.engine.shard.A",
              "org.apache.kafka.common.TopicPartition x;"),
          Plant.of(
              "the engine's core is pure",
              "dev.kanal.scheduler.engine.row.A",
              "org.apache.kafka.streams.KeyValue<String, String> x;"),
          Plant.of(
              "the engine's core is pure",
              "dev.kanal.scheduler.engine.step.A",
              "java.time.InstantSource x;"),
          Plant.of(
              "the engine's core is pure",
              "dev.kanal.scheduler.engine.bulkaction.A",
              "dev.kanal.common.clock.Ticker x;"),
          Plant.of(
              "the engine's core is pure",
              "dev.kanal.scheduler.engine.query.A",
              "java.util.concurrent.ScheduledExecutorService x;"),
          Plant.of(
              "the engine's core is pure",
              "dev.kanal.scheduler.engine.waiting.A",
              "Object x = Thread.currentThread();"),
          new Plant(
              "the engine's core is pure",
              List.of(
                  source(
                      "dev.kanal.scheduler.engine.shard.A", "dev.kanal.scheduler.engine.out.B x;"),
                  source("dev.kanal.scheduler.engine.out.B", ""))),
          new Plant(
              "the engine's features do not see each other",
              List.of(
                  source(
                      "dev.kanal.scheduler.engine.schedule.A",
                      "dev.kanal.scheduler.engine.job.B[] x;"),
                  source("dev.kanal.scheduler.engine.job.B", ""))),
          new Plant(
              "the engine's features do not see each other",
              List.of(
                  source(
                      "dev.kanal.scheduler.engine.failure.A",
                      "dev.kanal.scheduler.engine.bulkaction.B x;"),
                  source("dev.kanal.scheduler.engine.bulkaction.B", ""))),
          new Plant(
              "the API asks the engine by its queries",
              List.of(
                  source("dev.kanal.scheduler.api.A", "dev.kanal.scheduler.engine.row.B x;"),
                  source("dev.kanal.scheduler.engine.row.B", ""))),
          new Plant(
              "the API asks the engine by its queries",
              List.of(
                  source(
                      "dev.kanal.scheduler.api.jobs.A", "dev.kanal.scheduler.engine.streams.B x;"),
                  source("dev.kanal.scheduler.engine.streams.B", ""))),
          new Plant(
              "the API's features do not see each other",
              List.of(
                  source(
                      "dev.kanal.scheduler.api.queues.A", "dev.kanal.scheduler.api.events.B[] x;"),
                  source("dev.kanal.scheduler.api.events.B", ""))),
          new Plant(
              "the API's features do not see each other",
              List.of(
                  source("dev.kanal.scheduler.api.jobs.A", "dev.kanal.scheduler.api.batch.B x;"),
                  source("dev.kanal.scheduler.api.batch.B", ""))),
          new Plant(
              "packages have no cycles",
              List.of(
                  source("dev.kanal.scheduler.api.http.A", "dev.kanal.scheduler.api.node.B x;"),
                  source("dev.kanal.scheduler.api.node.B", "dev.kanal.scheduler.api.http.A x;"))),
          new Plant(
              "packages have no cycles",
              List.of(
                  source("dev.kanal.worker.lane.A", "dev.kanal.worker.pool.B x;"),
                  source("dev.kanal.worker.pool.B", "dev.kanal.worker.lane.A x;"))),
          new Plant(
              "packages have no cycles",
              List.of(
                  source("dev.kanal.worker.lane.A", "dev.kanal.worker.run.B x;"),
                  source("dev.kanal.worker.run.B", "dev.kanal.worker.lane.A x;"))),
          new Plant(
              "what users write code against sees no room behind it",
              List.of(
                  source("dev.kanal.worker.A", "dev.kanal.worker.run.B x;"),
                  source("dev.kanal.worker.run.B", ""))),
          Plant.of(
              "exceptions have a type of their own",
              "dev.kanal.worker.lane.A",
              "void run() throws Exception { throw new Exception(); }"),
          new Plant(
              "scheduler does not see worker",
              List.of(
                  source("dev.kanal.scheduler.api.A", "dev.kanal.worker.plant.B x;"),
                  source("dev.kanal.worker.plant.B", ""))),
          new Plant(
              "worker does not see scheduler",
              List.of(
                  source("dev.kanal.worker.lane.A", "dev.kanal.scheduler.plant.B x;"),
                  source("dev.kanal.scheduler.plant.B", ""))),
          Plant.of(
              "Kafka Streams stays in the engine",
              "dev.kanal.scheduler.api.A",
              "org.apache.kafka.streams.KafkaStreams x;"),
          Plant.of(
              "Vert.x stays in the API", "dev.kanal.scheduler.engine.A", "io.vertx.core.Vertx x;"),
          Plant.of(
              "the broker stays in embedded-kafka",
              "dev.kanal.standalone.A",
              "kafka.server.KafkaRaftServer x;"),
          Plant.of(
              "system tests see only the outside",
              "dev.kanal.check.A",
              "dev.kanal.common.job.JobId x;"),
          Plant.of(
              "what is done again is left to upkeep",
              "dev.kanal.scheduler.engine.out.A",
              "Object x() { return java.util.concurrent.Executors"
                  + ".newSingleThreadScheduledExecutor(); }"),
          Plant.of(
              "what is done again is left to upkeep",
              "dev.kanal.worker.report.A",
              "Object x() { return java.util.concurrent.CompletableFuture.delayedExecutor("
                  + "1, java.util.concurrent.TimeUnit.SECONDS); }"),
          Plant.of(
              "nobody sleeps",
              "dev.kanal.worker.lane.A",
              "void run() throws InterruptedException { Thread.sleep(1); }"),
          Plant.of(
              "time comes from the clock",
              "dev.kanal.worker.lane.A",
              "java.util.function.LongSupplier x = System::nanoTime;"),
          Plant.of(
              "time comes from the clock",
              "dev.kanal.worker.lane.A",
              "java.time.Instant x = java.time.Instant.now();"),
          Plant.of(
              "no bare RuntimeException",
              "dev.kanal.worker.lane.A",
              "void run() { throw new RuntimeException(); }"),
          Plant.of(
              "no java.util.logging",
              "dev.kanal.worker.lane.A",
              "java.util.logging.Logger x = java.util.logging.Logger.getLogger(\"a\");"),
          Plant.of(
              "only command lines print",
              "dev.kanal.worker.lane.A",
              "void run() { System.out.println(); }"),
          Plant.of(
              "no stack trace is printed",
              "dev.kanal.worker.lane.A",
              "void run(Exception e) { e.printStackTrace(); }"),
          Plant.of("packages are named after features", "dev.kanal.worker.util.A", ""));

  private static final JavaCompiler COMPILER =
      Objects.requireNonNull(ToolProvider.getSystemJavaCompiler(), "compiler");

  /** Kept, since opening what is on the class path takes longer than to compile. */
  private static final StandardJavaFileManager FILES =
      COMPILER.getStandardFileManager(null, null, null);

  @TempDir private Path directory = Path.of("");

  static ArchRule rule(String name) {
    ArchRule rule = Rules.FOR_MAIN.getOrDefault(name, Rules.FOR_ALL.get(name));
    return Objects.requireNonNull(rule, name);
  }

  @ParameterizedTest
  @FieldSource("PLANTS")
  void shouldFindViolation_whenPlanted(Plant plant) throws IOException {
    JavaClasses classes = compile(plant.sources());

    assertTrue(rule(plant.rule()).evaluate(classes).hasViolation());
  }

  @ParameterizedTest
  @FieldSource("PLANTS")
  void shouldFindNothing_whenClassIsHarmless(Plant plant) throws IOException {
    JavaClasses classes =
        compile(
            List.of(
                source("dev.kanal.common.job.Harmless", ""),
                source("dev.kanal.worker.lane.Harmless", "java.time.Duration x;"),
                source(
                    "dev.kanal.scheduler.engine.Harmless",
                    "org.apache.kafka.streams.KafkaStreams x;"),
                source(
                    "dev.kanal.scheduler.engine.bulkaction.Harmless",
                    "dev.kanal.scheduler.engine.failure.Harmless x;"
                        + " org.apache.kafka.common.utils.Bytes y;"),
                source("dev.kanal.scheduler.engine.failure.Harmless", ""),
                source("dev.kanal.scheduler.engine.query.Harmless", ""),
                source(
                    "dev.kanal.scheduler.engine.read.Harmless",
                    "dev.kanal.scheduler.engine.query.Harmless x; java.util.concurrent.Executor"
                        + " y;"),
                source(
                    "dev.kanal.scheduler.api.Harmless",
                    "io.vertx.core.Vertx x; dev.kanal.scheduler.engine.query.Harmless y;"
                        + " dev.kanal.scheduler.api.queues.Harmless z;"),
                source("dev.kanal.scheduler.api.http.Harmless", ""),
                source("dev.kanal.scheduler.api.jobs.Harmless", ""),
                source(
                    "dev.kanal.scheduler.api.queues.Harmless",
                    "dev.kanal.scheduler.api.jobs.Harmless x;"
                        + " dev.kanal.scheduler.api.http.Harmless y;"),
                source(
                    "dev.kanal.standalone.SomeApplication", "void run() { System.out.println(); }"),
                "package dev.kanal.worker.lane; class Own extends RuntimeException {}"));

    assertFalse(rule(plant.rule()).evaluate(classes).hasViolation());
  }

  @Test
  void shouldPlantForEveryRule() {
    Set<String> rules = new HashSet<>(Rules.FOR_MAIN.keySet());
    rules.addAll(Rules.FOR_ALL.keySet());
    PLANTS.forEach(plant -> rules.remove(plant.rule()));

    assertEquals(Set.of(), rules);
  }

  private static String source(String type, String member) {
    int dot = type.lastIndexOf('.');
    return "package %s; public class %s { %s }"
        .formatted(type.substring(0, dot), type.substring(dot + 1), member);
  }

  private JavaClasses compile(List<String> sources) throws IOException {
    Path output = Files.createDirectories(directory.resolve("out"));
    List<String> options = List.of("-proc:none", "-nowarn", "-d", output.toString());
    List<Path> files = new ArrayList<>();
    for (String source : sources) {
      String name = source.replaceAll(".*?class (\\w+) .*", "$1");
      Path parent = Files.createDirectories(directory.resolve("in" + files.size()));
      files.add(Files.writeString(parent.resolve(name + ".java"), source));
    }
    assertTrue(
        COMPILER
            .getTask(null, FILES, null, options, null, FILES.getJavaFileObjectsFromPaths(files))
            .call());
    return new ClassFileImporter().importPath(output);
  }
}
