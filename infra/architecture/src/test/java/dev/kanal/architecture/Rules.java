package dev.kanal.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaConstructorCall;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What compiled classes may use. {@link #FOR_ALL} holds for tests too. */
final class Rules {
  private static final String COMMON = "dev.kanal.common..";
  private static final String CLOCK = "dev.kanal.common.clock..";
  private static final String SCHEDULER = "dev.kanal.scheduler..";
  private static final String ENGINE = "dev.kanal.scheduler.engine..";
  private static final String API = "dev.kanal.scheduler.api..";

  private static final String WORKER = "dev.kanal.worker..";
  private static final String EMBEDDED = "dev.kanal.embedded..";
  private static final String CHECK = "dev.kanal.check..";
  private static final String BENCH = "dev.kanal.bench..";
  private static final String[] INFRA = {
    EMBEDDED,
    CHECK,
    "dev.kanal.standalone..",
    "dev.kanal.image..",
    "dev.kanal.junit..",
    "dev.kanal.architecture.."
  };
  private static final String[] BROKER = {
    "kafka..",
    "org.apache.kafka.controller..",
    "org.apache.kafka.coordinator..",
    "org.apache.kafka.image..",
    "org.apache.kafka.metadata..",
    "org.apache.kafka.network..",
    "org.apache.kafka.raft..",
    "org.apache.kafka.security..",
    "org.apache.kafka.server..",
    "org.apache.kafka.storage..",
    "org.apache.kafka.tools.."
  };

  /** Packages that users of the worker write code against, beside common. */
  private static final Set<String> SDK =
      Set.of("dev.kanal.worker", "dev.kanal.worker.testing", "dev.kanal.junit");

  /** Packages that run and start what the worker's own package shows. */
  private static final Set<String> BEHIND_WORKER =
      Set.of("dev.kanal.worker.run", "dev.kanal.worker.start");

  /** Types of the worker's own package that use the rooms behind it. */
  private static final Set<String> ENTRIES = Set.of("Worker", "WorkerBuilder", "Context");

  /** The handler whose work it is to sleep. */
  private static final String SLEEPER = "SleepHandler";

  /** Rules for main classes. */
  static final Map<String, ArchRule> FOR_MAIN =
      Map.ofEntries(
          Map.entry("common uses no other module", commonUsesNoOtherModule()),
          Map.entry("scheduler and worker use no infra", noInfra()),
          Map.entry("the SDK shows nothing internal", sdkShowsNothingInternal()),
          Map.entry("the engine's core is pure", Walls.engineCoreIsPure()),
          Map.entry(
              "the engine's features do not see each other",
              Walls.engineFeaturesDoNotSeeEachOther()),
          Map.entry("the API asks the engine by its queries", Walls.apiAsksByQueries()),
          Map.entry(
              "the API's features do not see each other", Walls.apiFeaturesDoNotSeeEachOther()),
          Map.entry(
              "packages have no cycles",
              slices().assignedFrom(packages()).should().beFreeOfCycles()),
          Map.entry("what users write code against sees no room behind it", handlersSeeNoRoom()),
          Map.entry("what is done again is left to upkeep", repeatingIsLeftToUpkeep()),
          Map.entry(
              "exceptions have a type of their own", NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS));

  /** Rules for main and test classes. */
  static final Map<String, ArchRule> FOR_ALL =
      Map.ofEntries(
          Map.entry("scheduler does not see worker", apart(SCHEDULER, WORKER)),
          Map.entry("worker does not see scheduler", apart(WORKER, SCHEDULER)),
          Map.entry("Kafka Streams stays in the engine", streamsStayInTheEngine()),
          Map.entry("Vert.x stays in the API", vertxStaysInTheApi()),
          Map.entry("the broker stays in embedded-kafka", only(EMBEDDED, BROKER)),
          Map.entry("system tests see only the outside", apart(CHECK, COMMON, SCHEDULER, WORKER)),
          Map.entry("nobody sleeps", nobodySleeps()),
          Map.entry("time comes from the clock", timeComesFromTheClock()),
          Map.entry("no bare RuntimeException", noBareRuntimeException()),
          Map.entry("no java.util.logging", NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING),
          Map.entry("only command lines print", onlyCommandLinesPrint()),
          Map.entry("no stack trace is printed", noStackTraceIsPrinted()),
          Map.entry("packages are named after features", packagesAreNamedAfterFeatures()));

  private Rules() {}

  private static ArchRule commonUsesNoOtherModule() {
    return noClasses()
        .that()
        .resideInAPackage(COMMON)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(with(INFRA, SCHEDULER, WORKER));
  }

  private static ArchRule noInfra() {
    return noClasses()
        .that()
        .resideInAnyPackage(SCHEDULER, WORKER)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(INFRA)
        .allowEmptyShould(true);
  }

  /** Threads that do something at intervals, and pauses after failures, have one contract each. */
  private static ArchRule repeatingIsLeftToUpkeep() {
    return noClasses()
        .that()
        .resideInAnyPackage(COMMON, ENGINE, "dev.kanal.scheduler.queues..", WORKER)
        .and()
        .resideOutsideOfPackage("dev.kanal.common.upkeep")
        .should()
        .accessTargetWhere(describe("repeats by itself", Rules::repeats))
        .allowEmptyShould(true);
  }

  private static boolean repeats(JavaAccess<?> access) {
    String name = access.getTarget().getName();
    return (isOneOf(access, CompletableFuture.class) && name.equals("delayedExecutor"))
        || (isOneOf(access, Executors.class) && name.equals("newSingleThreadScheduledExecutor"));
  }

  /** Each package is one, but for the worker's: behind its types stand the rooms that run them. */
  private static SliceAssignment packages() {
    return new SliceAssignment() {
      @Override
      public SliceIdentifier getIdentifierOf(JavaClass type) {
        String name = type.getPackageName();
        if (!name.startsWith("dev.kanal.")) {
          return SliceIdentifier.ignore();
        }
        return SliceIdentifier.of(BEHIND_WORKER.contains(name) ? "dev.kanal.worker" : name);
      }

      @Override
      public String getDescription() {
        return "packages";
      }
    };
  }

  /** What makes a worker uses its rooms; what handlers are made of does not. */
  private static ArchRule handlersSeeNoRoom() {
    return noClasses()
        .that()
        .resideInAPackage("dev.kanal.worker")
        .and(describe("make no worker", type -> !ENTRIES.contains(outermost(type).getSimpleName())))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.kanal.worker.*..")
        .allowEmptyShould(true);
  }

  /** What a user of the SDK can see of its types, a user can name. */
  private static ArchRule sdkShowsNothingInternal() {
    return classes()
        .that()
        .arePublic()
        .and(describe("are of the SDK", type -> SDK.contains(type.getPackageName())))
        .should(
            ArchCondition.from(
                describe(
                    "show what users can name", type -> shown(type).noneMatch(Rules::isInternal))))
        .allowEmptyShould(true);
  }

  private static Stream<JavaClass> shown(JavaClass type) {
    Stream<JavaType> above =
        Stream.concat(type.getInterfaces().stream(), type.getSuperclass().stream());
    Stream<JavaType> fields =
        type.getFields().stream().filter(Rules::isShown).map(JavaField::getType);
    Stream<JavaType> calls =
        type.getCodeUnits().stream()
            .filter(Rules::isShown)
            .flatMap(
                unit ->
                    Stream.concat(
                        unit.getParameterTypes().stream(), Stream.of(unit.getReturnType())));
    Stream<JavaClass> thrown =
        type.getCodeUnits().stream()
            .filter(Rules::isShown)
            .flatMap(unit -> unit.getExceptionTypes().stream());
    return Stream.concat(
        thrown,
        Stream.concat(above, Stream.concat(fields, calls))
            .flatMap(each -> each.getAllInvolvedRawTypes().stream()));
  }

  private static boolean isShown(JavaMember member) {
    return member.getModifiers().contains(JavaModifier.PUBLIC)
        || member.getModifiers().contains(JavaModifier.PROTECTED);
  }

  private static boolean isInternal(JavaClass type) {
    String name = type.getBaseComponentType().getPackageName();
    boolean ours = name.startsWith("dev.kanal.") && !name.startsWith("dev.kanal.common.");
    return (ours && !SDK.contains(name))
        || name.startsWith("org.apache.kafka.")
        || name.startsWith("io.vertx.");
  }

  private static ArchRule apart(String user, String... used) {
    return noClasses()
        .that()
        .resideInAPackage(user)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(used)
        .allowEmptyShould(true);
  }

  private static ArchRule only(String user, String... used) {
    return noClasses()
        .that()
        .resideOutsideOfPackage(user)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(used);
  }

  /** The benchmark has a bare topology of its own beside it, as a limit. */
  private static ArchRule streamsStayInTheEngine() {
    return noClasses()
        .that()
        .resideOutsideOfPackages(ENGINE, "dev.kanal.bench.bare..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.kafka.streams..")
        .allowEmptyShould(true);
  }

  /** The benchmark has an endpoint of its own beside it, as a limit. */
  private static ArchRule vertxStaysInTheApi() {
    return noClasses()
        .that()
        .resideOutsideOfPackages(API, "dev.kanal.bench.rest..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.vertx..");
  }

  private static ArchRule nobodySleeps() {
    return noClasses()
        .that()
        .resideOutsideOfPackage(CLOCK)
        .and()
        .doNotHaveSimpleName(SLEEPER)
        .should()
        .accessTargetWhere(
            describe(
                "sleeps",
                access ->
                    access.getTarget().getName().equals("sleep")
                        && isOneOf(access, Thread.class, TimeUnit.class)));
  }

  /**
   * Embedded Kafka and the system tests do not use common, so they have no clock to ask; the
   * benchmark measures the time that there is.
   */
  private static ArchRule timeComesFromTheClock() {
    return noClasses()
        .that()
        .resideOutsideOfPackages(CLOCK, EMBEDDED, CHECK, BENCH)
        .should()
        .accessTargetWhere(describe("reads the time of the system", Rules::readsSystemTime));
  }

  private static boolean readsSystemTime(JavaAccess<?> access) {
    String name = access.getTarget().getName();
    if (isOneOf(access, System.class)) {
      return Set.of("currentTimeMillis", "nanoTime").contains(name);
    }
    if (isOneOf(access, Instant.class)) {
      return name.equals("now");
    }
    return isOneOf(access, Clock.class, InstantSource.class) && name.startsWith("system");
  }

  private static ArchRule noBareRuntimeException() {
    return noClasses()
        .should()
        .callConstructorWhere(
            describe("a bare RuntimeException is made", Rules::makesBareRuntimeException));
  }

  private static boolean makesBareRuntimeException(JavaConstructorCall call) {
    return call.getTargetOwner().isEquivalentTo(RuntimeException.class)
        && !call.getOriginOwner().isAssignableTo(RuntimeException.class);
  }

  private static ArchRule onlyCommandLinesPrint() {
    return noClasses()
        .that(describe("are no command line", type -> !isCommandLine(type)))
        .should()
        .accessTargetWhere(
            describe(
                "System.out or System.err",
                access ->
                    isOneOf(access, System.class)
                        && Set.of("out", "err").contains(access.getTarget().getName())));
  }

  private static boolean isCommandLine(JavaClass type) {
    JavaClass outermost = outermost(type);
    // MissingLog says that there is no log, for which there is no other place.
    return outermost.getSimpleName().endsWith("Application")
        || outermost.getFullName().equals("dev.kanal.worker.start.MissingLog")
        || (type.getPackageName() + ".").contains(".cli.");
  }

  private static JavaClass outermost(JavaClass type) {
    JavaClass outermost = type;
    while (outermost.getEnclosingClass().isPresent()) {
      outermost = outermost.getEnclosingClass().get();
    }
    return outermost;
  }

  /** Printing into a writer that the caller owns is fine. */
  private static ArchRule noStackTraceIsPrinted() {
    return noClasses()
        .should()
        .callMethodWhere(
            describe(
                "prints a stack trace to System.err",
                call ->
                    call.getTarget().getName().equals("printStackTrace")
                        && call.getTarget().getRawParameterTypes().isEmpty()
                        && call.getTargetOwner().isAssignableTo(Throwable.class)));
  }

  private static ArchRule packagesAreNamedAfterFeatures() {
    return noClasses()
        .should()
        .resideInAnyPackage(
            "..model..",
            "..dto..",
            "..service..",
            "..impl..",
            "..util..",
            "..utils..",
            "..helper..",
            "..helpers..");
  }

  private static boolean isOneOf(JavaAccess<?> access, Class<?>... owners) {
    for (Class<?> owner : owners) {
      if (access.getTargetOwner().isEquivalentTo(owner)) {
        return true;
      }
    }
    return false;
  }

  private static String[] with(String[] some, String... more) {
    return Stream.concat(Arrays.stream(some), Arrays.stream(more)).toArray(String[]::new);
  }
}
