package dev.kanal.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.stream.Stream;

/** Rules between the packages of the scheduler's engine and of its API. */
final class Walls {
  private static final List<String> ENGINE_NAME = List.of("dev", "kanal", "scheduler", "engine");

  /** Features of the engine: each has its rows and its decisions. */
  private static final Set<String> ENGINE_FEATURES =
      Set.of("job", "schedule", "failure", "joblog", "bulkaction", "flow", "member");

  /** What decides, and what is read off rows: a function of the log. */
  private static final Set<String> ENGINE_CORE =
      Set.of(
          "table",
          "row",
          "step",
          "job",
          "schedule",
          "failure",
          "joblog",
          "bulkaction",
          "flow",
          "member",
          "query",
          "waiting",
          "shard");

  /** A filter of jobs may name a failure; members of flows are jobs. */
  private static final Map<String, Set<String>> FEATURES_SEEN =
      Map.of("bulkaction", Set.of("failure"), "member", Set.of("job"));

  /** A schedule's answer names its runs. */
  private static final Set<String> SEEN_BY_API =
      Set.of("dev.kanal.scheduler.engine.schedule.ScheduledRun");

  private static final List<String> API_NAME = List.of("dev", "kanal", "scheduler", "api");

  /** What is no feature of the API: the server on top, and what the features share. */
  private static final Set<String> API_SHARED =
      Set.of(
          "api",
          "problem",
          "json",
          "http",
          "door",
          "node",
          "format",
          "spec",
          "filter",
          "counts",
          "capacity");

  /** The feature of the API that the others may see. */
  private static final String JOBS = "jobs";

  private Walls() {}

  /**
   * It names no client of Kafka and no stream, no clock and no ticker, nothing that runs tasks, and
   * none of what is around it. Keys are Kafka's {@code Bytes}.
   */
  static ArchRule engineCoreIsPure() {
    return noClasses()
        .that(describe("are of the engine's core", type -> ENGINE_CORE.contains(room(type))))
        .should()
        .dependOnClassesThat(describe("are impure", Walls::isImpure))
        .allowEmptyShould(true);
  }

  private static boolean isImpure(JavaClass type) {
    String name = type.getPackageName();
    boolean kafka =
        name.startsWith("org.apache.kafka.")
            && !type.getFullName().equals("org.apache.kafka.common.utils.Bytes");
    String room = room(type);
    return kafka
        || (!room.isEmpty() && !ENGINE_CORE.contains(room))
        || name.startsWith("dev.kanal.common.clock")
        || name.startsWith("dev.kanal.scheduler.api")
        || Stream.of(Thread.class, ThreadFactory.class, Executor.class, InstantSource.class)
            .anyMatch(type::isAssignableTo);
  }

  static ArchRule engineFeaturesDoNotSeeEachOther() {
    return classes()
        .that(describe("are of a feature", type -> ENGINE_FEATURES.contains(room(type))))
        .should(
            ArchCondition.from(
                describe(
                    "see no other feature",
                    type ->
                        type.getDirectDependenciesFromSelf().stream()
                            .noneMatch(each -> isOfOther(type, each.getTargetClass())))))
        .allowEmptyShould(true);
  }

  private static boolean isOfOther(JavaClass user, JavaClass used) {
    String from = room(user);
    String to = room(used);
    return ENGINE_FEATURES.contains(to)
        && !to.equals(from)
        && !FEATURES_SEEN.getOrDefault(from, Set.of()).contains(to);
  }

  static ArchRule apiAsksByQueries() {
    return noClasses()
        .that()
        .resideInAPackage("dev.kanal.scheduler.api..")
        .should()
        .dependOnClassesThat(
            describe(
                "are inside the engine",
                type ->
                    !room(type).isEmpty()
                        && !room(type).equals("query")
                        && !SEEN_BY_API.contains(type.getFullName())))
        .allowEmptyShould(true);
  }

  /** The part of the engine that a type is of, as its package says; empty if it is elsewhere. */
  private static String room(JavaClass type) {
    return room(ENGINE_NAME, type);
  }

  private static String room(List<String> house, JavaClass type) {
    List<String> names = List.of(type.getBaseComponentType().getPackageName().split("\\."));
    return names.size() >= house.size() && names.subList(0, house.size()).equals(house)
        ? names.get(Math.min(house.size(), names.size() - 1))
        : "";
  }

  static ArchRule apiFeaturesDoNotSeeEachOther() {
    return classes()
        .that(describe("are of a feature of the API", Walls::isOfApiFeature))
        .should(
            ArchCondition.from(
                describe(
                    "see no other feature but " + JOBS,
                    type ->
                        type.getDirectDependenciesFromSelf().stream()
                            .map(each -> each.getTargetClass())
                            .filter(Walls::isOfApiFeature)
                            .map(used -> room(API_NAME, used))
                            .allMatch(
                                used -> used.equals(JOBS) || used.equals(room(API_NAME, type))))))
        .allowEmptyShould(true);
  }

  private static boolean isOfApiFeature(JavaClass type) {
    String room = room(API_NAME, type);
    return !room.isEmpty() && !API_SHARED.contains(room);
  }
}
